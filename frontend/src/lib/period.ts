// An interval of days in the words of people: "2019", "Jan–Jun 2021", "since May 2020".

import type { Time } from "./types.ts";

interface Day {
  y: number;
  m: number;
  d: number;
}

export function period(time: Time | null): string | null {
  const start = day(time?.start ?? null);
  const end = day(time?.end ?? null);
  if (!time || (!start && !end)) return null;
  const about = time.precision === "approximate" ? "about " : "";
  const coarse = time.precision !== "day";
  if (!end) return `since ${about}${edge(start!, coarse, true)}`;
  if (!start) return `until ${about}${edge(end, coarse, false)}`;
  return about + between(start, end);
}

/** The interval as ISO 8601 days, for those who want it exact. */
export function isoPeriod(time: Time | null): string | null {
  if (!time || (!time.start && !time.end)) return null;
  return time.start === time.end ? time.start : `${time.start ?? "…"} – ${time.end ?? "…"}`;
}

function between(a: Day, b: Day): string {
  if (a.y === b.y && a.m === b.m && a.d === b.d) return full(a);
  const whole = a.d === 1 && b.d === lastDay(b);
  if (whole && a.m === 1 && b.m === 12) return a.y === b.y ? `${a.y}` : `${a.y}–${b.y}`;
  if (whole && a.y === b.y) return a.m === b.m ? month(a) : `${name(a)}–${month(b)}`;
  return whole ? `${month(a)} – ${month(b)}` : `${full(a)} – ${full(b)}`;
}

/** One end of an open interval: as a year or month where it begins or closes one. */
function edge(x: Day, coarse: boolean, start: boolean): string {
  if (coarse && (start ? x.m === 1 && x.d === 1 : x.m === 12 && x.d === 31)) return start ? `${x.y}` : `the end of ${x.y}`;
  return coarse && (start ? x.d === 1 : x.d === lastDay(x)) ? month(x) : full(x);
}

function day(text: string | null): Day | null {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text ?? "");
  return found ? { y: Number(found[1]), m: Number(found[2] ?? 1), d: Number(found[3] ?? 1) } : null;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const name = (x: Day): string => MONTHS[x.m - 1] ?? "?";
const month = (x: Day): string => `${name(x)} ${x.y}`;
const full = (x: Day): string => `${x.d} ${month(x)}`;
const lastDay = (x: Day): number => new Date(Date.UTC(x.y, x.m, 0)).getUTCDate();
