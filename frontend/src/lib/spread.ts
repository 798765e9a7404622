// The spread of violence in words and tables: changes, bands of near repeats, who sets off whose events.

import { csvOf, type Columns } from "./exporting.ts";
import type { Change, KnoxCell, SpillRow, SpillTable, Spread } from "./spreadtypes.ts";

/** As many digits after the point as matter: 0.08, 9.46, 123. */
export function figures(n: number): string {
  if (!Number.isFinite(n)) return "–";
  const places = Math.abs(n) < 9.995 ? 2 : Math.abs(n) < 99.95 ? 1 : 0;
  return n.toLocaleString("en-GB", { maximumFractionDigits: places, minimumFractionDigits: n === 0 ? 0 : places });
}

/** With a space that does not break. */
export function percentOf(share: number): string {
  const n = share * 100;
  return n > 0 && n < 0.05 ? "<\u00a00.1\u00a0%" : `${n.toLocaleString("en-GB", { maximumFractionDigits: n < 10 ? 1 : 0 })}\u00a0%`;
}

export function said(spread: Spread, measure: string): string | null {
  return spread.sections.find((s) => s.measure === measure)?.text ?? null;
}

/** Name of a country by its code; of a group, itself. */
export function nameOf(spread: Spread, name: string): string {
  return spread.countries[name] ?? name;
}

export function changeName(spread: Spread, change: Change): string {
  if (change.kind === "all") return "All events";
  const name = change.name ?? "unknown";
  if (change.kind === "country") return nameOf(spread, name);
  return change.kind === "division" && change.country ? `${name}, ${nameOf(spread, change.country)}` : name;
}

export function ratioWords({ ratio, wide_low: low, wide_high: high }: Change): string {
  if (ratio === null) return "none before";
  const span = low === null ? "" : ` (${figures(low)} to ${high === null ? "no limit" : figures(high)})`;
  return `${figures(ratio)}${span}`;
}

export function changeWords({ flag, status }: Change): string {
  if (flag) return `${flag} than expected`;
  return status === "new" ? "new, may be chance" : "no clear change";
}

export const GROUPS_OF_CHANGES = [["country", "Countries"], ["division", "First-order divisions"], ["actor", "Actors"]] as const;

/** Below so many pairs, seen as well as expected, a ratio says nothing. */
export const FEW_PAIRS = 5;

export function tooFew({ pairs, year_expected: expected }: Pick<KnoxCell, "pairs" | "year_expected">): boolean {
  return Math.max(pairs, expected) < FEW_PAIRS;
}

/** How far from 1 a ratio is, as one of seven steps: −3 far fewer … 3 far more. */
export function ratioStep(cell: Pick<KnoxCell, "year_ratio" | "year_expected" | "pairs">): number {
  if (tooFew(cell)) return 0;
  // none expected: any at all are more than that
  const ratio = cell.year_ratio ?? Infinity;
  const doublings = Math.log2(Math.max(ratio, 1e-6));
  const size = [0.32, 1, 2].filter((edge) => Math.abs(doublings) > edge).length;
  return Math.sign(doublings) * size;
}

/** Whether a band has more pairs than chance, also with times permuted within the year. */
export function isClear(cell: KnoxCell): boolean {
  return cell.p <= 0.05 && cell.year_p <= 0.05;
}

export interface KnoxTable {
  distances: string[];
  times: string[];
  at: (distance: string, time: string) => KnoxCell | undefined;
}

export function knoxTable(table: readonly KnoxCell[]): KnoxTable {
  return {
    distances: [...new Set(table.map((c) => c.distance))],
    times: [...new Set(table.map((c) => c.time))],
    at: (distance, time) => table.find((c) => c.distance === distance && c.time === time),
  };
}

/** Rows of a year, or of the whole window. */
export function spillRows(table: SpillTable, year: number | null): SpillRow[] {
  return year === null ? table.window : table.years.filter((row) => row.year === year);
}

export function spillYears(...tables: SpillTable[]): number[] {
  return [...new Set(tables.flatMap((t) => t.years.map((row) => row.year)))].filter((y) => y !== null).sort((a, b) => b - a);
}

export function shareWords({ share, low, high }: SpillRow): string {
  return `${percentOf(share)} (${percentOf(low)} to ${percentOf(high)})`;
}

const CHANGE_COLUMNS: Columns<Change> = [
  ["kind", (c) => c.kind], ["name", (c) => c.name], ["country", (c) => c.country], ["events", (c) => c.events], ["deaths", (c) => c.deaths],
  ["events_before", (c) => c.before], ["expected", (c) => c.expected], ["ratio", (c) => c.ratio], ["ratio_low", (c) => c.wide_low],
  ["ratio_high", (c) => c.wide_high], ["flag", (c) => c.flag], ["status", (c) => c.status],
];
const SPILL_COLUMNS: Columns<SpillRow> = [
  ["year", (r) => r.year ?? "all"], ["from", (r) => r.from], ["to", (r) => r.to], ["triggered", (r) => r.triggered], ["events", (r) => r.events],
  ["share", (r) => r.share], ["share_low", (r) => r.low], ["share_high", (r) => r.high],
];

export function changesCsv(changes: readonly Change[]): string {
  return csvOf(CHANGE_COLUMNS, changes);
}

export function spillCsv(table: SpillTable): string {
  return csvOf(SPILL_COLUMNS, [...table.window, ...table.years]);
}
