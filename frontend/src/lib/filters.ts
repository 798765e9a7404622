// Which statements are shown, and in what order.

import { fold, type Entry } from "./model.ts";
import type { Kind, Status } from "./types.ts";
import { VERDICTS } from "./verdicts.ts";

export const KINDS: readonly Kind[] = ["tie", "event", "count", "strength", "presence", "aim", "cause"];
export const STATUSES: readonly Status[] = ["fact", "assessed", "alleged", "forecast", "conditional"];
/** The value of `by` for what the author says in his or her own voice. */
export const AUTHOR = "(author)";

export interface Filters {
  kinds: Kind[];
  statuses: Status[];
  /** A statement passes with any of its findings. */
  verdicts: string[];
  actor: string;
  by: string;
  q: string;
  from: string;
  to: string;
}
export type SortKey = "text" | "kind" | "subject" | "object" | "place" | "time" | "quantity" | "status" | "by" | "verdict";

export const noFilters = (): Filters => ({ kinds: [], statuses: [], verdicts: [], actor: "", by: "", q: "", from: "", to: "" });

export function isFiltered(f: Filters): boolean {
  return Boolean(f.kinds.length || f.statuses.length || f.verdicts.length || f.actor || f.by || f.q.trim() || f.from || f.to);
}

export function matches(entry: Entry, f: Filters): boolean {
  return matchesApartFromWords(entry, f) && hasWords(entry.haystack, f.q);
}

/** Whether each of the words stands somewhere in the (folded) text. */
export function hasWords(haystack: string, q: string): boolean {
  return fold(q).split(/\s+/).every((word) => haystack.includes(word));
}

export function matchesApartFromWords(entry: Entry, f: Filters): boolean {
  if (f.kinds.length && !f.kinds.includes(entry.kind)) return false;
  if (f.statuses.length && !f.statuses.includes(entry.s.status)) return false;
  if (f.verdicts.length && !entry.findings.some((x) => f.verdicts.includes(x.verdict))) return false;
  if (f.actor && entry.subject?.key !== f.actor && entry.object?.key !== f.actor) return false;
  if (f.by === AUTHOR && entry.sources.length) return false;
  if (f.by && f.by !== AUTHOR && !entry.sources.includes(f.by)) return false;
  return !(f.from || f.to) || inPeriod(entry, f.from, f.to);
}

/** Whether the statement's time meets the period; ISO dates compare as text, an open end reaches for ever. */
function inPeriod(entry: Entry, from: string, to: string): boolean {
  const { start, end } = entry.s.time ?? { start: null, end: null };
  if (!start && !end) return false;
  return !(from && end && end < from) && !(to && start && start > `${to}~`);
}

export function sortEntries(entries: readonly Entry[], key: SortKey, descending: boolean): Entry[] {
  const value = (e: Entry): string | number | null => {
    switch (key) {
      case "text": return e.index;
      case "kind": return `${KINDS.indexOf(e.kind)} ${e.s.type}`;
      case "subject": return e.subject?.name ?? null;
      case "object": return e.object?.name ?? null;
      case "place": return e.s.place[0]?.surface ?? null;
      case "time": return e.s.time?.start ?? e.s.time?.end ?? null;
      case "quantity": return e.s.quantity?.low ?? e.s.quantity?.high ?? null;
      case "status": return STATUSES.indexOf(e.s.status);
      case "by": return e.sources[0] ?? null;
      case "verdict": return e.findings.length ? Math.min(...e.findings.map((f) => VERDICTS.indexOf(f.verdict))) : null;
    }
  };
  const sign = descending ? -1 : 1;
  return [...entries].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    // what has no value comes last in both directions
    if (x === null || y === null) return x === y ? a.index - b.index : x === null ? 1 : -1;
    const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en");
    return sign * order || a.index - b.index;
  });
}

export interface Option {
  value: string;
  label: string;
  count: number;
}

export function actorOptions(entries: readonly Entry[]): Option[] {
  return tally(entries.map((e) => [e.subject, e.object].flatMap((a) => (a ? [[a.key, a.name] as const] : []))));
}

export function sourceOptions(entries: readonly Entry[]): Option[] {
  return tally(entries.map((e) => e.sources.map((name) => [name, name] as const)));
}

function tally(lists: (readonly (readonly [string, string])[])[]): Option[] {
  const found = new Map<string, Option>();
  for (const list of lists) {
    for (const [value, label] of new Map(list)) {
      const option = found.get(value) ?? { value, label, count: 0 };
      option.count += 1;
      found.set(value, option);
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, "en"));
}
