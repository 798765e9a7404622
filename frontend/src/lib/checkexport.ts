// Findings and the ledger of forecasts as rows of a table.

import { csvOf, jsonOf, type Columns } from "./exporting.ts";
import type { ForecastEntry } from "./checktypes.ts";
import type { FindingRow } from "./findings.ts";

const FINDINGS: Columns<FindingRow> = [
  ["id", (r) => r.f.id],
  ["statement", (r) => r.f.statement],
  ["document", (r) => r.f.document],
  ["kind", (r) => r.f.kind],
  ["claim", (r) => r.title],
  ["quote", (r) => r.entry?.s.evidence.quote],
  ["said_by", (r) => r.entry?.sources.join("; ")],
  ["place", (r) => r.f.place?.surface],
  ["place_code", (r) => r.f.place?.place],
  ["verdict", (r) => r.f.verdict],
  ["reason", (r) => r.f.reason],
  ["claimed", (r) => r.f.claimed?.text],
  ["claimed_low", (r) => r.f.claimed?.low],
  ["claimed_high", (r) => r.f.claimed?.high],
  ["record_unit", (r) => r.f.record?.unit],
  ["record_low", (r) => r.f.record?.low],
  ["record_best", (r) => r.f.record?.best],
  ["record_high", (r) => r.f.record?.high],
  ["period_start", (r) => r.f.period?.start],
  ["period_end", (r) => r.f.period?.end],
  ["before_best", (r) => r.f.before?.best],
  ["after_best", (r) => r.f.after?.best],
  ["independent_sources", (r) => r.f.independent],
  ["score", (r) => r.f.score?.name],
  ["score_value", (r) => r.f.score?.value],
  ["caveats", (r) => r.f.caveats.map((c) => c.text).join(" ")],
  ["events", (r) => r.f.events.map((e) => `${e.dataset}:${e.id}`).join("; ")],
  ["sets", (r) => r.f.sets.join("; ")],
  ["coverage", (r) => r.f.coverage],
  ["sql", (r) => r.f.sql],
];
const FORECASTS: Columns<ForecastEntry> = [
  ["finding", (e) => e.finding],
  ["statement", (e) => e.statement],
  ["source", (e) => e.source],
  ["said", (e) => e.said],
  ["said_how", (e) => e.said_how],
  ["what", (e) => e.what],
  ["horizon", (e) => e.horizon],
  ["likelihood", (e) => e.likelihood?.cue],
  ["likelihood_low", (e) => e.likelihood?.low],
  ["likelihood_high", (e) => e.likelihood?.high],
  ["verdict", (e) => e.verdict],
  ["score", (e) => e.score?.name],
  ["score_value", (e) => e.score?.value],
  ["score_low", (e) => e.score?.low],
  ["score_high", (e) => e.score?.high],
];

export const findingsCsv = (rows: readonly FindingRow[]): string => csvOf(FINDINGS, rows);
export const findingsJson = (rows: readonly FindingRow[]): string => jsonOf(rows.map((r) => r.f));
export const forecastsCsv = (entries: readonly ForecastEntry[]): string => csvOf(FORECASTS, entries);
export const forecastsJson = (entries: readonly ForecastEntry[]): string => jsonOf(entries);
