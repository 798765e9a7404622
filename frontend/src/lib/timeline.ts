// Dated statements on a line of time, packed into lanes.

import { textWidth } from "./boxes.ts";
import { shorten } from "./gloss.ts";
import type { Entry } from "./model.ts";
import { KINDS } from "./filters.ts";
import type { Kind } from "./types.ts";

export interface Item {
  entry: Entry;
  x0: number;
  x1: number;
  y: number;
  openStart: boolean;
  openEnd: boolean;
  label: string;
  labelX: number;
  labelWidth: number;
  labelEnd: boolean;
}
export interface Tick {
  x: number;
  label: string;
  major: boolean;
}
export interface Band {
  kind: Kind;
  y: number;
  height: number;
}
export interface Timeline {
  items: Item[];
  bands: Band[];
  ticks: Tick[];
  undated: Entry[];
  width: number;
  height: number;
  top: number;
  left: number;
  /** ISO day at a horizontal position. */
  dayAt: (x: number) => string;
  xOf: (day: string) => number;
}

const DAY = 86_400_000;
const LANE = 22;
const TOP = 34;
export const ITEM_LABEL = 12;

export function buildTimeline(entries: readonly Entry[], width: number): Timeline {
  const dated = entries.filter((e) => days(e) !== null);
  const undated = entries.filter((e) => days(e) === null);
  const narrow = width < 560;
  const left = narrow ? 26 : 96;
  const points = dated.flatMap((e) => days(e)!.filter((d): d is number => d !== null));
  const low = Math.min(...points);
  const high = Math.max(...points);
  const pad = Math.max((high - low) * 0.04, 20 * DAY);
  const [d0, d1] = [low - pad, high + pad];
  const right = width - 12;
  const x = (time: number): number => left + ((time - d0) / (d1 - d0)) * (right - left);
  const items: Item[] = [];
  const bands: Band[] = [];
  let y = TOP + 8;
  for (const kind of KINDS) {
    const own = dated.filter((e) => e.kind === kind).sort((a, b) => days(a)![0]! - days(b)![0]! || a.index - b.index);
    if (!own.length) continue;
    const lanes = pack(own, x, left, right, narrow ? 30 : 64);
    const height = Math.max(lanes.length, 1) * LANE + 10;
    lanes.forEach((lane, i) => items.push(...lane.map((item) => ({ ...item, y: y + 5 + i * LANE + LANE / 2 }))));
    bands.push({ kind, y, height });
    y += height;
  }
  return {
    items, bands, undated, width, left, top: TOP, height: y + 8,
    ticks: dated.length ? ticks(d0, d1, x, (right - left) / (narrow ? 60 : 80)) : [],
    dayAt: (at) => iso(d0 + ((Math.min(Math.max(at, left), right) - left) / (right - left)) * (d1 - d0)),
    xOf: (day) => Math.min(Math.max(x(parse(day) ?? d0), left), right),
  };
}

/** [start, end] in milliseconds, an open end as the other end; null where there is no date. */
function days(e: Entry): [number, number] | null {
  const start = parse(e.s.time?.start ?? null);
  const end = parse(e.s.time?.end ?? null);
  if (start === null && end === null) return null;
  return [start ?? end!, end ?? start!];
}

function parse(day: string | null): number | null {
  const time = day ? Date.parse(day.length === 4 ? `${day}-01-01` : day) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** First lane with room for the bar and its words; words go to the left of the bar where the right edge is near. */
function pack(entries: Entry[], x: (t: number) => number, left: number, right: number, longest: number): Item[][] {
  const lanes: { item: Item; from: number; to: number }[][] = [];
  for (const entry of entries) {
    const [start, end] = days(entry)!;
    const openStart = !entry.s.time?.start;
    const openEnd = !entry.s.time?.end;
    let x0 = x(start);
    let x1 = x(end + DAY);
    if (openEnd) x1 = Math.min(Math.max(x1, x0 + 70), right);
    if (openStart) x0 = Math.max(Math.min(x0, x1 - 70), left);
    const after = Math.max(x1, x0 + 8) + 6;
    const wanted = textWidth(shorten(entry.gloss, longest), ITEM_LABEL);
    const [room, roomLeft] = [right - after, x0 - 6 - left];
    const labelEnd = wanted > room && roomLeft > room;
    const fits = Math.floor((labelEnd ? roomLeft : room) / textWidth("m", ITEM_LABEL) * 1.25);
    const label = shorten(entry.gloss, Math.max(Math.min(longest, fits), 3));
    const w = textWidth(label, ITEM_LABEL);
    const from = labelEnd ? x0 - 6 - w : x0;
    const to = labelEnd ? Math.max(x1, x0 + 8) : after + w;
    const item: Item = { entry, x0, x1, y: 0, openStart, openEnd, label, labelX: labelEnd ? x0 - 8 : after, labelWidth: w, labelEnd };
    const lane = lanes.find((others) => others.every((o) => from > o.to + 8 || to < o.from - 8));
    if (lane) lane.push({ item, from, to });
    else lanes.push([{ item, from, to }]);
  }
  return lanes.map((lane) => lane.map(({ item }) => item));
}

const STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200]; // months

function ticks(d0: number, d1: number, x: (t: number) => number, most: number): Tick[] {
  const months = (d1 - d0) / (DAY * 30.44);
  const step = STEPS.find((s) => months / s <= most) ?? 1200;
  const found: Tick[] = [];
  const first = new Date(d0);
  const base = Math.ceil((first.getUTCFullYear() * 12 + first.getUTCMonth() + 1) / step) * step;
  for (let m = base; ; m += step) {
    const time = Date.UTC(Math.floor(m / 12), m % 12, 1);
    if (time > d1) return found;
    const major = m % 12 === 0;
    const month = new Date(time).toLocaleDateString("en-GB", { month: "short", timeZone: "UTC" });
    found.push({ x: x(time), major, label: major ? String(m / 12) : month });
  }
}
