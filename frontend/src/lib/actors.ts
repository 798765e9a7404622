// The actors of a document: how often, by which words, under which other names.

import { actorRef, type ActorRef, type Model } from "./model.ts";
import type { ActorInfo, Role } from "./types.ts";

export interface ActorRow {
  key: string;
  name: string;
  kind: string;
  info: ActorInfo | undefined;
  /** Number of statements. */
  count: number;
  /** Words in the text, how often, and how they were linked. */
  surfaces: [string, number, string | null][];
  others: string[];
}

/** Actors with statements first; those that the text only names come with a count of 0. */
export function actorRows(model: Model, actors: Record<string, ActorInfo>): ActorRow[] {
  const rows = new Map<string, { ref: ActorRef; statements: Set<number>; places: Map<number, [string, string | null]> }>();
  const see = (role: Role, statement?: number): void => {
    const ref = actorRef(role, actors)!;
    const row = rows.get(ref.key) ?? { ref, statements: new Set(), places: new Map() };
    if (statement !== undefined) row.statements.add(statement);
    // the same words in two statements are one naming
    row.places.set(role.start, [role.surface, role.how]);
    rows.set(ref.key, row);
  };
  for (const e of model.entries) for (const role of [e.s.subject, e.s.object]) if (role) see(role, e.index);
  for (const m of model.raw.mentions) see({ ...m, kind: "unknown", antecedent: null });
  return [...rows.values()]
    .map(({ ref, statements, places }) => {
      const info = actors[ref.key];
      const others = info ? [...info.acronyms, ...info.aliases, ...info.former_names] : [];
      return { key: ref.key, name: ref.name, kind: ref.kind, info, count: statements.size, surfaces: tally([...places.values()]), others };
    })
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name, "en"));
}

function tally(namings: [string, string | null][]): [string, number, string | null][] {
  const found = new Map<string, [string, number, string | null]>();
  for (const [words, how] of namings) {
    // "The group" at the head of a sentence is "the group" elsewhere
    const row = found.get(words.toLowerCase()) ?? [words, 0, how];
    row[1] += 1;
    found.set(words.toLowerCase(), row);
  }
  return [...found.values()].sort((a, b) => b[1] - a[1]);
}
