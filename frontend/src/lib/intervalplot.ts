// A claimed range against the record's low, best and high on one axis of numbers.

import type { Claimed, OnRecord } from "./checktypes.ts";
import { numberWords } from "./gloss.ts";

export interface Bar {
  x0: number;
  x1: number;
  /** The range goes on beyond this end. */
  openStart: boolean;
  openEnd: boolean;
}
export interface IntervalPlot {
  claimed: Bar | null;
  record: (Bar & { best: number }) | null;
  ticks: { x: number; label: string }[];
  log: boolean;
}

const LEFT = 10;
const RIGHT = 22;
// above this ratio of the largest to the smallest number, the small one would be no more than a dot
const LOG_FROM = 60;

export function buildIntervalPlot(claimed: Claimed | null, record: OnRecord | null, width: number): IntervalPlot {
  const numbers = [claimed?.low, claimed?.high, record?.low, record?.best, record?.high].filter((n): n is number => typeof n === "number");
  const most = Math.max(...numbers, 1);
  const positive = numbers.filter((n) => n > 0);
  const log = positive.length > 1 && most / Math.min(...positive) > LOG_FROM;
  const top = log ? most * 1.6 : most * 1.1;
  const bend = (n: number): number => (log ? Math.log1p(Math.max(n, 0)) : Math.max(n, 0));
  const x = (n: number): number => LEFT + (bend(n) / bend(top)) * (width - LEFT - RIGHT);
  return {
    claimed: claimed && (claimed.low !== null || claimed.high !== null)
      ? { x0: x(claimed.low ?? 0), x1: claimed.high === null ? width - RIGHT + 8 : x(claimed.high), openStart: claimed.low === null, openEnd: claimed.high === null }
      : null,
    record: record ? { x0: x(record.low), x1: x(record.high), best: x(record.best), openStart: false, openEnd: false } : null,
    ticks: (log ? logTicks(top) : linearTicks(top, width / 70)).map((n) => ({ x: x(n), label: n.toLocaleString("en-GB") })),
    log,
  };
}

/** What the plot shows, in words. */
export function intervalWords(claimed: Claimed | null, record: OnRecord | null): string {
  const said = claimed ? `Claimed: ${numberWords(claimed.low, claimed.high)}.` : "";
  return [said, record ? `On record: ${recordWords(record)}.` : ""].filter(Boolean).join(" ");
}

export function recordWords({ unit, low, best, high }: OnRecord): string {
  const show = (n: number): string => n.toLocaleString("en-GB");
  const name = best === 1 ? unit.replace(/s$/, "") : unit;
  return low === best && best === high ? `${show(best)} ${name}` : `${show(best)} ${name} (${show(low)} to ${show(high)})`;
}

/** Whole steps of 1, 2 or 5 times a power of ten. */
export function linearTicks(top: number, most: number): number[] {
  const rough = top / Math.max(Math.min(most, 5), 2);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max([1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough, 1);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}

function logTicks(top: number): number[] {
  const found = [0];
  for (let n = 1; n <= top; n *= 10) found.push(n);
  // beyond six powers every other one will do
  return found.length > 7 ? found.filter((_, i) => i % 2 === 0) : found;
}
