// Drawings of the spread of violence: tempo with its levels, ratios on a log axis, the estimate beside its placebos.

import { overlap, textWidth, type Box } from "./boxes.ts";
import { linearTicks } from "./intervalplot.ts";
import type { Break, Change, ContagionData, SpreadTempo } from "./spreadtypes.ts";

export interface TempoDrawing {
  bars: { x: number; y: number; w: number; h: number; label: string; events: number; deaths: number }[];
  mean: string;
  /** The level between change points, as a line of steps. */
  steps: string;
  breaks: { x: number; label: string; labelX: number | null; labelY: number; period: string }[];
  years: { x: number; label: string }[];
  levels: { y: number; label: string }[];
  base: number;
  top: number;
  left: number;
  right: number;
}

export const BREAK_LABEL = 11;
const BOTTOM = 22;
const ROWS = 2;

export function periodsOf(tempo: SpreadTempo): string[] {
  if (tempo.periods) return tempo.periods;
  const first = Number(tempo.start.slice(0, 4)) * 12 + Number(tempo.start.slice(5, 7)) - 1;
  return tempo.events.map((_, i) => `${Math.floor((first + i) / 12)}-${String(((first + i) % 12) + 1).padStart(2, "0")}-01`);
}

export function periodName(day: string, by: "month" | "week"): string {
  return by === "week" ? `week of ${day}` : new Date(`${day}T00:00:00Z`).toLocaleDateString("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
}

export function drawTempo(tempo: SpreadTempo, width: number, height: number): TempoDrawing {
  const days = periodsOf(tempo);
  const most = Math.max(...tempo.events, 1);
  const left = 14 + most.toLocaleString("en-GB").length * 7;
  const right = width - 6;
  const top = tempo.breaks.length ? 8 + ROWS * 15 : 10;
  const base = height - BOTTOM;
  const step = (right - left) / Math.max(days.length, 1);
  const x = (i: number): number => left + i * step;
  const y = (n: number): number => base - (n / most) * (base - top);
  const gap = step > 3 ? Math.min(step * 0.2, 3) : 0;
  const at = (b: Break): number => Math.max(days.indexOf(b.period), 0);
  return {
    bars: tempo.events.map((n, i) => ({
      x: x(i) + gap / 2, y: y(n), w: Math.max(step - gap, 0.5), h: base - y(n), label: periodName(days[i] ?? "", tempo.by), events: n, deaths: tempo.deaths[i] ?? 0,
    })),
    mean: line(tempo.mean.map((n, i) => [x(i) + step / 2, y(n)])),
    steps: tempo.breaks.length ? stairs(tempo.breaks, at, x, y, days.length) : "",
    breaks: breakLabels(tempo.breaks, (b) => x(at(b)), left, right),
    years: yearTicks(days, x, (right - left) / 44),
    levels: linearTicks(most, 4).map((n) => ({ y: y(n), label: n.toLocaleString("en-GB") })),
    base, top, left, right,
  };
}

function line(points: [number, number][]): string {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

function stairs(breaks: readonly Break[], at: (b: Break) => number, x: (i: number) => number, y: (n: number) => number, end: number): string {
  const points: [number, number][] = [[x(0), y(breaks[0]!.before)]];
  for (const b of breaks) points.push([x(at(b)), y(b.before)], [x(at(b)), y(b.after)]);
  points.push([x(end), y(breaks.at(-1)!.after)]);
  return line(points);
}

/** Each change with its support above the bars; those without room for it are in the table alone. */
function breakLabels(breaks: readonly Break[], x: (b: Break) => number, left: number, right: number): TempoDrawing["breaks"] {
  const taken: Box[] = [];
  // those with most support get their label first
  const order = [...breaks].sort((a, b) => b.support - a.support);
  const placed = new Map<Break, { labelX: number; labelY: number }>();
  for (const b of order) {
    const label = supportWords(b);
    const w = textWidth(label, BREAK_LABEL);
    const labelX = Math.min(Math.max(x(b), left + w / 2), right - w / 2);
    const row = Array.from({ length: ROWS }, (_, r) => ({ x: labelX - w / 2 - 2, y: 2 + r * 15, w: w + 4, h: 13 })).find((box) => !taken.some((other) => overlap(box, other)));
    if (!row) continue;
    taken.push(row);
    placed.set(b, { labelX, labelY: row.y + 10 });
  }
  return breaks.map((b) => ({ x: x(b), label: supportWords(b), labelX: placed.get(b)?.labelX ?? null, labelY: placed.get(b)?.labelY ?? 0, period: b.period }));
}

export function supportWords(b: Break): string {
  return `${Math.round(b.support * 100)} %`;
}

function yearTicks(days: readonly string[], x: (i: number) => number, most: number): { x: number; label: string }[] {
  const first = days.map((day, i) => [day.slice(0, 4), i] as const).filter(([year], i) => i === 0 || days[i - 1]!.slice(0, 4) !== year);
  const every = [1, 2, 5, 10, 20, 50].find((n) => first.length / n <= most) ?? 100;
  return first.filter(([year]) => Number(year) % every === 0).map(([year, i]) => ({ x: x(i), label: year }));
}

export interface Whisker {
  x0: number;
  x1: number;
  dot: number;
  one: number;
}

const FARTHEST = 16;

/** A ratio with its interval on a log axis from 1/16 to 16; what lies beyond is drawn at the edge. */
export function drawRatio({ ratio, wide_low: low, wide_high: high }: Change, width: number): Whisker | null {
  if (ratio === null) return null;
  const x = (n: number): number => 4 + ((Math.log2(Math.min(Math.max(n, 1 / FARTHEST), FARTHEST)) / Math.log2(FARTHEST) + 1) / 2) * (width - 8);
  return { x0: x(low ?? ratio), x1: high === null ? width : x(high), dot: x(ratio), one: x(1) };
}

export interface EstimateDrawing {
  rows: { name: string; y: number; dots: number[]; mean: number | null; thick: [number, number] | null; thin: [number, number] | null; hollow: boolean; figure: string }[];
  ticks: { x: number; label: string }[];
  /** Half of the estimate as fitted: a kind of placebo beyond it fails the fit. */
  half: number;
  height: number;
}

/** Short and long. */
const PLACEBOS: Record<string, readonly [string, string]> = {
  shuffled: ["times shuffled", "times shuffled within group"],
  dithered: ["times moved a little", "times moved by up to 180 days"],
  smoothed: ["smoothed rate", "times drawn from the smoothed local rate"],
};
const ROW = 40;

export function drawEstimate(c: ContagionData, width: number): EstimateDrawing {
  const { value, low, high, raw } = c.offspring;
  const all = [value, high, raw, c.wide[1], ...Object.values(c.placebos).flat()];
  const top = Math.max(...all, 0.05) * 1.08;
  const x = (n: number): number => 8 + (Math.max(n, 0) / top) * (width - 24);
  const two = (n: number): string => n.toFixed(2);
  const narrow = width < 430;
  const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
  const rows: EstimateDrawing["rows"] = [
    {
      name: narrow ? "Estimate" : "Estimate, corrected for bias", y: 0, dots: [x(value)], mean: null, thick: [x(low), x(high)], thin: [x(c.wide[0]), x(c.wide[1])], hollow: false,
      figure: narrow ? `${two(value)} (${two(low)} to ${two(high)})` : `${two(value)} (${two(low)} to ${two(high)}; ${two(c.wide[0])} to ${two(c.wide[1])})`,
    },
    { name: narrow ? "As fitted" : "As fitted, which the placebos are set against", y: 0, dots: [x(raw)], mean: null, thick: null, thin: null, hollow: true, figure: two(raw) },
    ...Object.entries(c.placebos).filter(([, found]) => found.length).map(([kind, found]) => ({
      name: `Placebo: ${PLACEBOS[kind]?.[narrow ? 0 : 1] ?? kind}`, y: 0, dots: found.map(x), mean: x(mean(found)), thick: null, thin: null, hollow: true, figure: mean(found).toFixed(3),
    })),
  ];
  rows.forEach((row, i) => (row.y = 30 + i * ROW));
  const step = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].find((s) => top / s <= Math.max(width / 90, 3)) ?? 2;
  const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => ({ x: x(i * step), label: String(Number((i * step).toFixed(2))) }));
  return { rows, ticks, half: x(raw / 2), height: 30 + rows.length * ROW + 4 };
}

/** What the drawing shows, in words. */
export function estimateWords(c: ContagionData): string {
  const { rows } = drawEstimate(c, 600);
  return `Events that one event sets off. ${rows.map((r) => `${r.name}: ${r.figure}`).join(". ")}.`;
}
