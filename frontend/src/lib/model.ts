// A document made ready for drawing: offsets in UTF-16, each statement with its ranges, actors, sources and days.

import type { Finding } from "./checktypes.ts";
import { gloss } from "./gloss.ts";
import { utf16Offsets } from "./offsets.ts";
import type { ActorInfo, Kind, Payload, ReportDocument, Role, Statement } from "./types.ts";

export type RoleName = "evidence" | "also" | "subject" | "object" | "place" | "time" | "quantity" | "antecedent";

export interface Range {
  start: number;
  end: number;
  entry: number;
  role: RoleName;
}
export interface ActorRef {
  key: string;
  name: string;
  kind: string;
  surface: string;
  how: string | null;
}
export interface Entry {
  index: number;
  s: Statement;
  kind: Kind;
  start: number;
  end: number;
  subject: ActorRef | null;
  object: ActorRef | null;
  /** Names of those who say so; empty where it is the author. */
  sources: string[];
  gloss: string;
  haystack: string;
  findings: readonly Finding[];
}
export interface ViewBlock {
  start: number;
  end: number;
  kind: string;
  repeats: boolean;
}
export interface Model {
  raw: ReportDocument;
  text: string;
  blocks: ViewBlock[];
  entries: Entry[];
  ranges: Range[];
}

/** Statements in the order of the text, longer evidence first where two start together. */
export function buildModel(raw: ReportDocument, payload: Payload, findings: ReadonlyMap<string, Finding[]> = new Map()): Model {
  const at = utf16Offsets(raw.text);
  const sorted = raw.statements
    .map((s) => ({ s, start: at(s.evidence.start), end: at(s.evidence.end) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const ranges: Range[] = [];
  const entries = sorted.map(({ s, start, end }, index): Entry => {
    ranges.push(...rangesOf(s, index, at, raw.text));
    const subject = actorRef(s.subject, payload.actors);
    const object = actorRef(s.object, payload.actors);
    const line = gloss(s, subject?.name ?? null, object?.name ?? null, payload.words);
    const sources = s.attribution.map((a) => a.name || a.surface);
    const haystack = [line, s.evidence.quote, subject?.surface, object?.surface, ...sources, s.type, s.instrument]
      .filter(Boolean)
      .join("\n");
    const own = findings.get(statementKey(raw.id, s.id)) ?? [];
    return { index, s, kind: s.kind, start, end, subject, object, sources, gloss: line, haystack: fold(haystack), findings: own };
  });
  return { raw, text: raw.text, blocks: viewBlocks(raw, at), entries, ranges };
}

export const statementKey = (document: string, statement: string): string => `${document} ${statement}`;

export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
}

export function actorRef(role: Role | null, actors: Record<string, ActorInfo>): ActorRef | null {
  if (!role) return null;
  // without an id, a pronoun stands for its antecedent's words: two "it" need not be the same actor
  const words = role.antecedent?.surface ?? role.surface;
  const info = role.actor ? actors[role.actor] : undefined;
  return {
    key: role.actor ?? `“${fold(words)}”`,
    name: info?.name ?? words,
    kind: info?.kind ?? role.kind,
    surface: role.surface,
    how: role.how,
  };
}

function rangesOf(s: Statement, entry: number, at: (n: number) => number, text: string): Range[] {
  const found: Range[] = [];
  const add = (role: RoleName, start: number, end: number): void => {
    if (end > start) found.push({ start, end, entry, role });
  };
  const span = (role: RoleName, x: { start: number; end: number } | null | undefined): void => {
    if (x) add(role, at(x.start), at(x.end));
  };
  span("evidence", s.evidence);
  s.also.forEach((e) => span("also", e));
  span("subject", s.subject);
  span("object", s.object);
  span("antecedent", s.subject?.antecedent);
  span("antecedent", s.object?.antecedent);
  s.place.forEach((p) => span("place", p));
  // times and quantities carry no offsets: their words are looked up in the evidence
  const from = at(s.evidence.start);
  const quote = text.slice(from, at(s.evidence.end));
  for (const [role, words] of [["time", s.time?.surface], ["quantity", s.quantity?.surface]] as const) {
    const where = words ? quote.indexOf(words) : -1;
    if (words && where >= 0) add(role, from + where, from + where + words.length);
  }
  return found;
}

/** The blocks, with any text that lies between them as paragraphs: no word of the document is left out. */
function viewBlocks(raw: ReportDocument, at: (n: number) => number): ViewBlock[] {
  const blocks: ViewBlock[] = [];
  let reached = 0;
  const loose = (end: number): void => {
    let start = reached;
    for (const part of raw.text.slice(reached, end).split(/(\n\s*\n)/)) {
      if (part.trim()) blocks.push({ start, end: start + part.length, kind: "paragraph", repeats: false });
      start += part.length;
    }
  };
  for (const block of raw.blocks) {
    const start = at(block.start);
    const end = at(block.end);
    if (start > reached) loose(start);
    blocks.push({ start, end, kind: block.kind, repeats: block.repeat_of !== null });
    reached = Math.max(reached, end);
  }
  loose(raw.text.length);
  return blocks;
}
