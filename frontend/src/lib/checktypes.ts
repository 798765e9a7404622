// What came of checking the statements, as Python writes it into `payload.checks`.

export type Tone = "good" | "warn" | "bad" | "neutral" | "open";

export interface DataSet {
  id: string;
  dataset: string;
  name: string;
  release: string | null;
  what: string;
  rows: number;
  skipped: number;
  coverage: string;
  licence: string;
  attribution: string;
  fatal_only: boolean;
  provisional: boolean;
  notes: string[];
}
/** A stretch of time and what the record has in it; an open end is null. */
export interface Stretch {
  start: string | null;
  end: string | null;
  low: number;
  best: number;
  high: number;
  first: string | null;
  last: string | null;
}
export interface Claimed {
  text: string;
  low: number | null;
  high: number | null;
}
export interface OnRecord {
  unit: string;
  low: number;
  best: number;
  high: number;
}
export interface Score {
  name: string;
  value: number;
  low: number;
  high: number;
}
export interface MatchedEvent {
  id: string;
  dataset: string;
  date_start: string | null;
  date_end: string | null;
  place: string | null;
  country: string | null;
  lat: number | null;
  lon: number | null;
  actor_a: string | null;
  actor_b: string | null;
  deaths_low: number | null;
  deaths_best: number | null;
  deaths_high: number | null;
  score: number;
  parts: Record<string, number>;
}
export interface Tempo {
  unit: "month" | "year";
  start: string;
  counts: number[];
  deaths: number[];
  /** Null where the claim names none. */
  actor: string | null;
  place: string | null;
}
export interface OtherSource {
  statement: string;
  document: string;
  source: string;
  date: string | null;
  text: string;
  same: boolean;
}
export interface Finding {
  id: string;
  statement: string;
  document: string;
  kind: string;
  place: { surface: string; place: string | null } | null;
  verdict: string;
  reason: string;
  claimed: Claimed | null;
  record: OnRecord | null;
  before: Stretch | null;
  after: Stretch | null;
  period: { start: string | null; end: string | null } | null;
  sets: string[];
  coverage: string;
  caveats: { code: string; text: string }[];
  sql: string | null;
  events: MatchedEvent[];
  tempo: Tempo | null;
  others: OtherSource[];
  independent: number;
  score: Score | null;
}
export interface ForecastEntry {
  finding: string;
  statement: string;
  source: string;
  said: string | null;
  said_how: string;
  what: string;
  horizon: string | null;
  likelihood: { cue: string; low: number | null; high: number | null } | null;
  verdict: string;
  score: Score | null;
}
export interface SourceScore {
  source: string;
  forecasts: number;
  ended: number;
  came_true: number;
  score: Score | null;
  note: string | null;
}
export interface VerdictWords {
  name: string;
  short: string;
  tone: Tone;
  about: string;
}
export interface Checks {
  sets: DataSet[];
  findings: Finding[];
  outlook: { entries: ForecastEntry[]; sources: SourceScore[] };
  words: { verdicts: Record<string, VerdictWords> };
}
