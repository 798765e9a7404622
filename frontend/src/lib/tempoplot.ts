// Events or deaths of an actor in a place by month or year: bars, the claim's period, the day it was said.

import type { Tempo } from "./checktypes.ts";
import { linearTicks } from "./intervalplot.ts";

export interface TempoBar {
  x: number;
  y: number;
  w: number;
  h: number;
  label: string;
  count: number;
  deaths: number;
  after: boolean;
}
export interface TempoPlot {
  bars: TempoBar[];
  years: { x: number; label: string }[];
  levels: { y: number; label: string }[];
  period: { x: number; w: number } | null;
  said: number | null;
  base: number;
  left: number;
  right: number;
}
interface Period {
  start: string | null;
  end: string | null;
}

const TOP = 16;
const BOTTOM = 22;

export function buildTempoPlot(
  tempo: Tempo,
  { unit, period, said, width, height }: { unit: "events" | "deaths"; period: Period | null; said: string | null; width: number; height: number },
): TempoPlot {
  const values = unit === "deaths" ? tempo.deaths : tempo.counts;
  const months = tempo.unit === "month" ? 1 : 12;
  const first = monthOf(tempo.start);
  const most = Math.max(...values, 1);
  const left = 14 + String(most).length * 7;
  const right = width - 6;
  const step = (right - left) / Math.max(values.length, 1);
  const base = height - BOTTOM;
  const y = (n: number): number => base - (n / most) * (base - TOP);
  const x = (month: number): number => Math.min(Math.max(left + ((month - first) / months) * step, left), right);
  const saidAt = said ? monthOf(said) + (dayOf(said) - 1) / 31 : null;
  const bars = values.map((n, i): TempoBar => {
    const month = first + i * months;
    const gap = step > 3 ? Math.min(step * 0.2, 3) : 0;
    return {
      x: left + i * step + gap / 2, w: Math.max(step - gap, 0.5), y: y(n), h: base - y(n),
      label: monthLabel(month, tempo.unit), count: tempo.counts[i] ?? 0, deaths: tempo.deaths[i] ?? 0,
      after: saidAt !== null && month >= Math.floor(saidAt),
    };
  });
  const from = period?.start ? x(monthOf(period.start) + (dayOf(period.start) - 1) / 31) : left;
  const to = period?.end ? x(monthOf(period.end) + dayOf(period.end) / 31) : right;
  return {
    bars, base, left, right,
    years: years(first, first + values.length * months, x, (right - left) / 44),
    levels: linearTicks(most, 3).map((n) => ({ y: y(n), label: String(n) })),
    period: period && (period.start || period.end) && to > from ? { x: Math.min(from, right - 3), w: Math.max(to - from, 3) } : null,
    said: saidAt !== null && saidAt >= first && saidAt <= first + values.length * months ? x(saidAt) : null,
  };
}

/** Months since the year 0. */
function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7) || 1) - 1;
}

function dayOf(day: string): number {
  return Number(day.slice(8, 10) || 1);
}

function monthLabel(month: number, unit: "month" | "year"): string {
  const year = Math.floor(month / 12);
  return unit === "year" ? String(year) : `${year}-${String((month % 12) + 1).padStart(2, "0")}`;
}

function years(first: number, end: number, x: (month: number) => number, most: number): { x: number; label: string }[] {
  const all: number[] = [];
  for (let year = Math.ceil(first / 12); year * 12 < end; year += 1) all.push(year);
  const every = [1, 2, 5, 10, 20, 50].find((n) => all.length / n <= most) ?? 100;
  return all.filter((year) => year % every === 0).map((year) => ({ x: x(year * 12), label: String(year) }));
}

/** What is counted, of whom and where. */
export function tempoTitle(tempo: Tempo, unit: "events" | "deaths"): string {
  const whose = tempo.actor ?? "all actors";
  return `${unit === "deaths" ? "Deaths" : "Events"} a ${tempo.unit}: ${whose}, ${tempo.place ?? "the whole record"}`;
}

export interface Rate {
  value: number;
  /** The months that it is a mean of, where they are not the whole stretch. */
  over: string | null;
}

/**
 * Mean number a year over a stretch, else null. Single events end where the tempo ends: the mean goes no further. A
 * stretch without a start has the mean of the months before its end that the tempo holds.
 */
export function yearly(stretch: { start: string | null; end: string | null; best: number }, tempo: Tempo | null = null): Rate | null {
  const months = tempo?.unit === "month" ? tempo : null;
  const first = months ? monthOf(months.start) : 0;
  if (!stretch.start) {
    if (!months || !stretch.end) return null;
    const own = months.counts.slice(0, Math.max(monthOf(stretch.end) - first, 0));
    if (own.length < 6) return null;
    const value = (own.reduce((a, b) => a + b, 0) / own.length) * 12;
    return { value, over: `${monthLabel(first, "month")} to ${monthLabel(first + own.length - 1, "month")}` };
  }
  const last = months ? lastDay(first + months.counts.length - 1) : null;
  const end = last && (!stretch.end || last < stretch.end) && last > stretch.start ? last : stretch.end;
  if (!end) return null;
  const days = (Date.parse(end) - Date.parse(stretch.start)) / 86_400_000 + 1;
  return days >= 90 ? { value: (stretch.best / days) * 365.25, over: end === stretch.end ? null : `to ${end}` } : null;
}

function lastDay(month: number): string {
  return new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).toISOString().slice(0, 10);
}
