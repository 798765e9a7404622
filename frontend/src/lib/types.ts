// The report's data as Python writes it (publishing/report/data.py). Offsets are code points, half open.

import type { Checks } from "./checktypes.ts";
import type { Forecasts } from "./forecasttypes.ts";
import type { Spread } from "./spreadtypes.ts";

export type Kind = "tie" | "event" | "count" | "strength" | "presence" | "aim" | "cause";
export type Status = "fact" | "assessed" | "alleged" | "forecast" | "conditional";

export interface Span {
  surface: string;
  start: number;
  end: number;
}
export interface Role extends Span {
  actor: string | null;
  kind: string;
  how: string | null;
  antecedent: Span | null;
}
export interface Place extends Span {
  place: string | null;
  level: string | null;
  lat: number | null;
  lon: number | null;
  candidates: string[];
}
export interface Time {
  surface: string;
  start: string | null;
  end: string | null;
  precision: string | null;
}
export interface Quantity {
  surface: string;
  low: number | null;
  high: number | null;
  unit: string | null;
  bound: string;
}
export interface Likelihood {
  cue: string;
  low: number | null;
  high: number | null;
}
export interface Attribution {
  surface: string;
  name: string;
  cue: string;
}
export interface Evidence {
  start: number;
  end: number;
  quote: string;
}
export interface Statement {
  id: string;
  kind: Kind;
  type: string;
  subject: Role | null;
  object: Role | null;
  place: Place[];
  time: Time | null;
  quantity: Quantity | null;
  instrument: string | null;
  text: string | null;
  effect: string | null;
  condition: string | null;
  status: Status;
  phase: string;
  polarity: "affirmed" | "negated";
  likelihood: Likelihood | null;
  attribution: Attribution[];
  evidence: Evidence;
  also: Evidence[];
  document: string;
  engine: string;
  rule: string;
}
export interface Block {
  start: number;
  end: number;
  kind: string;
  page: number | null;
  repeat_of: number | null;
}
export interface Mention extends Span {
  actor: string;
  how: string | null;
}
export interface Rejected {
  reason: string;
  statement: Statement;
}
export interface ReportDocument {
  id: string;
  name: string;
  format: string;
  language: string;
  title: string | null;
  author: string | null;
  publisher: string | null;
  date: string | null;
  date_source: string | null;
  url: string | null;
  warnings: string[];
  engine: string;
  ruleset: string;
  text: string;
  blocks: Block[];
  statements: Statement[];
  mentions: Mention[];
  rejected: Rejected[];
}
export interface ActorInfo {
  name: string;
  kind: string;
  aliases: string[];
  acronyms: string[];
  former_names: string[];
  parent: string | null;
  founded: string | null;
  ended: string | null;
  region: string | null;
  countries: string[];
  ucdp_id: string | null;
  ucdp_name: string | null;
}
export interface Words {
  kinds: Record<Kind, { letter: string; name: string; plural: string; about: string }>;
  types: Record<string, string>;
  status: Record<Status, { name: string; about: string }>;
  phase: Record<string, string>;
  how: Record<string, string>;
  bound: Record<string, string>;
  level: Record<string, string>;
  actor_kind: Record<string, string>;
  sign: Record<string, string[]>;
}
export interface Payload {
  format: string;
  title: string;
  version: string;
  words: Words;
  actors: Record<string, ActorInfo>;
  documents: ReportDocument[];
  /** Null or missing where the case has no event data. */
  checks?: Checks | null;
  /** Null where the case has no single events, missing where they were not measured. */
  spread?: Spread | null;
  /** Null or missing where it was not asked for. */
  forecasts?: Forecasts | null;
}
