import type { Finding } from "../src/lib/checktypes.ts";
import type { Model } from "../src/lib/model.ts";
import { buildModel } from "../src/lib/model.ts";
import type { Payload, ReportDocument, Role, Statement, Words } from "../src/lib/types.ts";

export const words: Words = {
  kinds: Object.fromEntries(["tie", "event", "count", "strength", "presence", "aim", "cause"].map((k) => [k, { letter: k[0]!, name: k, plural: k, about: k }])) as Words["kinds"],
  types: { opposes: "opposes", pledged_to: "pledged to" },
  status: {} as Words["status"],
  phase: {},
  how: {},
  bound: {},
  level: {},
  actor_kind: {},
  sign: { positive: ["pledged_to"], negative: ["opposes"] },
};

export function statement(text: string, quote: string, more: Partial<Statement> = {}): Statement {
  const at = Array.from(text.slice(0, text.indexOf(quote))).length;
  return {
    id: `st_${at}_${quote.length}`, kind: "event", type: "attack", subject: null, object: null, place: [], time: null, quantity: null,
    instrument: null, text: null, effect: null, condition: null, status: "fact", phase: "occurred", polarity: "affirmed",
    likelihood: null, attribution: [], evidence: { start: at, end: at + Array.from(quote).length, quote }, also: [], document: "d",
    engine: "rules", rule: "r", ...more,
  };
}

export function role(text: string, surface: string, actor: string | null = null): Role {
  const start = text.indexOf(surface);
  return { surface, start, end: start + surface.length, actor, kind: "group", how: "lexicon", antecedent: null };
}

export function model(text: string, statements: Statement[], blocks: ReportDocument["blocks"] = [], findings: Map<string, Finding[]> = new Map()): Model {
  const raw: ReportDocument = {
    id: "sha256:0", name: "a.txt", format: "txt", language: "en", title: null, author: null, publisher: null, date: null,
    date_source: null, url: null, warnings: [], engine: "rules", ruleset: "1", text, blocks, statements, mentions: [], rejected: [],
  };
  const payload: Payload = { format: "spillover-report/1", title: "", version: "0", words, actors: {}, documents: [raw] };
  return buildModel(raw, payload, findings);
}
