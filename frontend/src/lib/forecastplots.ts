// Fans: what the record had, and the intervals of the months ahead; their words, and their numbers as a file.

import { csvOf, type Columns } from "./exporting.ts";
import type { ForecastData, ForecastUnit } from "./forecasttypes.ts";
import { linearTicks } from "./intervalplot.ts";

/** From this count on the axis is of log(1 + x). */
const LOGARITHMIC = 100;
const BANDS = [[0, 6], [1, 5], [2, 4]] as const;
const MEDIAN = 3;

export interface FanScale {
  log: boolean;
  top: number;
}
export interface FanDrawing {
  /** Of 90, 80 and 50 %, the widest first. */
  bands: string[];
  median: string;
  history: string;
  origin: number;
  years: { x: number; label: string }[];
  levels: { y: number; label: string }[];
  base: number;
  left: number;
  right: number;
}

/** One scale for all units, so that they can be set beside each other. */
export function fanScale(units: readonly ForecastUnit[]): FanScale {
  const top = Math.max(1, ...units.flatMap((u) => [...u.history.map((n) => n ?? 0), ...u.quantiles.map((q) => q.at(-1) ?? 0)]));
  return { log: top >= LOGARITHMIC, top };
}

/** Whether there is anything to see: something in the record, or in the widest interval. */
export function isDrawn({ history, quantiles }: ForecastUnit): boolean {
  return history.some((n) => n) || quantiles.some((q) => q.at(-1));
}

export function drawFan(unit: ForecastUnit, data: Pick<ForecastData, "since">, scale: FanScale, width: number, height: number): FanDrawing {
  const { history, quantiles } = unit;
  const levels = scale.log ? powers(scale.top) : linearTicks(scale.top, 4);
  const left = 12 + Math.max(...levels.map((n) => n.toLocaleString("en-GB").length)) * 6.5;
  const [right, top, base] = [width - 4, 8, height - 20];
  const step = (right - left) / (history.length + quantiles.length);
  const x = (i: number): number => left + i * step;
  const of = (n: number): number => (scale.log ? Math.log1p(n) : n);
  const y = (n: number): number => base - (of(n) / of(scale.top)) * (base - top);
  const stairs = (values: readonly number[], from: number): [number, number][] => values.flatMap((n, i): [number, number][] => [[x(from + i), y(n)], [x(from + i + 1), y(n)]]);
  const ahead = (level: number): [number, number][] => stairs(quantiles.map((q) => q[level] ?? 0), history.length);
  return {
    bands: BANDS.map(([low, high]) => `${path([...ahead(high), ...ahead(low).reverse()])}Z`),
    median: path(ahead(MEDIAN)),
    history: runs(history).map(({ from, values }) => path(stairs(values, from))).join(""),
    origin: x(history.length),
    years: years(data.since, history.length + quantiles.length, (right - left) / 40).map(({ at, label }) => ({ x: x(at), label })),
    levels: levels.map((n) => ({ y: y(n), label: n.toLocaleString("en-GB") })),
    base, left, right,
  };
}

function path(points: readonly [number, number][]): string {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

/** The stretches without a gap. */
function runs(values: readonly (number | null)[]): { from: number; values: number[] }[] {
  const found: { from: number; values: number[] }[] = [];
  values.forEach((n, i) => {
    if (n === null) return;
    const last = found.at(-1);
    if (last && last.from + last.values.length === i) last.values.push(n);
    else found.push({ from: i, values: [n] });
  });
  return found;
}

function powers(top: number): number[] {
  const found = [0];
  for (let n = 10; n <= top; n *= 10) found.push(n);
  return found;
}

/** Januaries, as many as there is room for. */
function years(since: string, count: number, room: number): { at: number; label: string }[] {
  const first = Number(since.slice(0, 4)) * 12 + Number(since.slice(5, 7)) - 1;
  const found = Array.from({ length: count }, (_, i) => i).filter((i) => (first + i) % 12 === 0).map((i) => ({ at: i, label: String((first + i) / 12) }));
  const every = Math.max(1, Math.ceil(found.length / Math.max(room, 1)));
  return found.filter((_, i) => (found.length - 1 - i) % every === 0);
}

export function countWords(n: number): string {
  return n.toLocaleString("en-GB", { maximumFractionDigits: Number.isInteger(n) || n >= 100 ? 0 : 1 });
}

/** An expected number, which is no count. */
export function expectedWords(n: number): string {
  const places = n < 100 ? 1 : 0;
  return n.toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places });
}

export function chanceWords(p: number): string {
  const text = p > 0 && p < 0.01 ? "<1" : p < 1 && p > 0.99 ? ">99" : (p * 100).toFixed(0);
  return `${text}\u00a0%`;
}

export function intervalOf({ low90, high90 }: { low90: number; high90: number }): string {
  return `${countWords(low90)} to ${countWords(high90)}`;
}

export function fanWords(unit: ForecastUnit, data: ForecastData): string {
  const most = Math.max(0, ...unit.history.map((n) => n ?? 0));
  return `${unit.name}: ${data.target} a month from ${data.months[0]} to ${data.months.at(-1)}, median ${countWords(unit.median)}, 90 % interval ${intervalOf(unit)}; from ${data.since} to ${data.origin} at most ${countWords(most)}.`;
}

const LEVELS = ["q05", "q10", "q25", "median", "q75", "q90", "q95"];
type Row = { unit: ForecastUnit; month: string; quantiles: readonly number[] };
const COLUMNS: Columns<Row> = [
  ["unit", (r) => r.unit.unit], ["name", (r) => r.unit.name], ["month", (r) => r.month], ...LEVELS.map((name, i) => [name, (r: Row) => r.quantiles[i]] as const),
];

export function fansCsv(data: ForecastData): string {
  return csvOf(COLUMNS, data.units.flatMap((unit) => unit.quantiles.map((quantiles, i) => ({ unit, month: data.months[i] ?? "", quantiles }))));
}
