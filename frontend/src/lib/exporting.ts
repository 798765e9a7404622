// The shown statements as files: CSV for spreadsheets, JSON in the contract's form.

import type { Entry } from "./model.ts";

export type Cell = string | number | boolean | null | undefined;
export type Columns<T> = readonly (readonly [string, (item: T) => Cell])[];

const STATEMENT_COLUMNS: Columns<Entry> = [
  ["id", (e) => e.s.id],
  ["kind", (e) => e.kind],
  ["type", (e) => e.s.type],
  ["subject", (e) => e.subject?.name],
  ["subject_surface", (e) => e.s.subject?.surface],
  ["subject_actor", (e) => e.s.subject?.actor],
  ["object", (e) => e.object?.name],
  ["object_surface", (e) => e.s.object?.surface],
  ["object_actor", (e) => e.s.object?.actor],
  ["place", (e) => e.s.place.map((p) => p.surface).join("; ")],
  ["place_code", (e) => e.s.place.map((p) => p.place ?? "").join("; ")],
  ["time", (e) => e.s.time?.surface],
  ["time_start", (e) => e.s.time?.start],
  ["time_end", (e) => e.s.time?.end],
  ["quantity", (e) => e.s.quantity?.surface],
  ["quantity_low", (e) => e.s.quantity?.low],
  ["quantity_high", (e) => e.s.quantity?.high],
  ["unit", (e) => e.s.quantity?.unit],
  ["instrument", (e) => e.s.instrument],
  ["text", (e) => e.s.text],
  ["effect", (e) => e.s.effect],
  ["condition", (e) => e.s.condition],
  ["status", (e) => e.s.status],
  ["phase", (e) => e.s.phase],
  ["polarity", (e) => e.s.polarity],
  ["likelihood", (e) => e.s.likelihood?.cue],
  ["attribution", (e) => e.sources.join("; ")],
  ["quote", (e) => e.s.evidence.quote],
  ["start", (e) => e.s.evidence.start],
  ["end", (e) => e.s.evidence.end],
  ["rule", (e) => e.s.rule],
  ["verdicts", (e) => e.findings.map((f) => f.verdict).join("; ")],
];

/** RFC 4180, with a cell that a spreadsheet would run as a formula put behind an apostrophe (OWASP, CSV injection). */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf<T>(columns: Columns<T>, items: readonly T[]): string {
  const rows = items.map((item) => columns.map(([, value]) => csvCell(value(item))).join(","));
  return [columns.map(([name]) => name).join(","), ...rows, ""].join("\r\n");
}

export function jsonOf(items: readonly unknown[]): string {
  return `${JSON.stringify(items, null, 1)}\n`;
}

export function toCsv(entries: readonly Entry[]): string {
  return csvOf(STATEMENT_COLUMNS, entries);
}

export function toJson(entries: readonly Entry[]): string {
  return jsonOf(entries.map((e) => e.s));
}

/** The stem of a file name from the document's own name. */
export function fileStem(name: string): string {
  return name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}]+/gu, "-") || "report";
}

export function download(name: string, type: string, content: string): void {
  const link = document.createElement("a");
  // a byte-order mark tells spreadsheets that the text is UTF-8
  link.href = URL.createObjectURL(new Blob([type === "text/csv" ? "\uFEFF" : "", content], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
