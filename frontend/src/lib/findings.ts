// Findings beside the statements that they are about, and which of them are shown.

import type { Finding } from "./checktypes.ts";
import { hasWords, matchesApartFromWords, type Filters } from "./filters.ts";
import { fold, statementKey, type Entry, type Model } from "./model.ts";
import { reasonKind } from "./reasons.ts";
import { UNTESTABLE } from "./verdicts.ts";

export interface FindingRow {
  f: Finding;
  /** Index of the document; null where the report lacks it. */
  doc: number | null;
  entry: Entry | null;
  title: string;
  haystack: string;
}
export interface ReasonGroup {
  /** The reason of all, or what their reasons come down to. */
  reason: string;
  /** Whether each claim's own reason tells more than the claim and the common reason do. */
  own: boolean;
  rows: FindingRow[];
}

export function byStatement(findings: readonly Finding[]): Map<string, Finding[]> {
  return groupBy(findings, (f) => statementKey(f.document, f.statement));
}

/** Findings in the order of the documents and their text; those whose statement is not in the report come last. */
export function findingRows(models: readonly (readonly [number, Model])[], findings: readonly Finding[]): FindingRow[] {
  const rows = models.flatMap(([doc, model]) => model.entries.flatMap((entry) => entry.findings.map((f) => row(f, doc, entry))));
  const seen = new Set(rows.map((r) => r.f));
  return [...rows, ...findings.filter((f) => !seen.has(f)).map((f) => row(f, null, null))];
}

function row(f: Finding, doc: number | null, entry: Entry | null): FindingRow {
  const title = entry?.gloss ?? f.claimed?.text ?? `a ${f.kind} that this report does not hold`;
  const others = f.others.flatMap((o) => [o.source, o.text]);
  const own = [f.reason, f.place?.surface, f.claimed?.text, f.coverage, ...f.caveats.map((c) => c.text), ...others];
  return { f, doc, entry, title, haystack: `${entry?.haystack ?? fold(title)}\n${fold(own.filter(Boolean).join("\n"))}` };
}

/** Whether the filters let it through, apart from the one by verdict. */
export function rowMatches({ f, entry, haystack }: FindingRow, filters: Filters): boolean {
  if (!hasWords(haystack, filters.q)) return false;
  if (entry) return matchesApartFromWords(entry, { ...filters, verdicts: [] });
  const { kinds, statuses, actor, by, from, to } = filters;
  return (!kinds.length || (kinds as string[]).includes(f.kind)) && !(statuses.length || actor || by || from || to);
}

export function verdictCounts(rows: readonly FindingRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { f } of rows) counts.set(f.verdict, (counts.get(f.verdict) ?? 0) + 1);
  return counts;
}

/** What could not be tested by its reason, the commonest first. */
export function untestedByReason(rows: readonly FindingRow[]): ReasonGroup[] {
  const groups = groupBy(rows.filter((r) => r.f.verdict === UNTESTABLE), (r) => reasonKind(r.f.reason).kind);
  return [...groups]
    .map(([kind, own]) => {
      const several = own.some((r) => r.f.reason !== own[0]!.f.reason);
      return { reason: several ? kind : own[0]!.f.reason, own: several && reasonKind(own[0]!.f.reason).more, rows: own };
    })
    .sort((a, b) => b.rows.length - a.rows.length || a.reason.localeCompare(b.reason, "en"));
}

/** Claims of which nothing is known but that nobody else makes them: many of them are listed, not shown one by one. */
export function bareAlone(rows: readonly FindingRow[]): FindingRow[] {
  return rows.filter(({ f }) => {
    const number = f.claimed && (f.claimed.low !== null || f.claimed.high !== null);
    return f.verdict === "alone" && !(f.others.length || f.caveats.length || f.events.length || f.sql || f.record || f.tempo || f.before || f.after || f.score || number);
  });
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** POSIX single quotes: the words reach the program as they are. */
export function shellQuote(words: string): string {
  return `'${words.replaceAll("'", "'\\''")}'`;
}
