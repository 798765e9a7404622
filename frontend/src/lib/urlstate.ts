// What is shown, as the URL's fragment: every view can be linked to.

import { KINDS, STATUSES, noFilters, type Filters, type SortKey } from "./filters.ts";
import { VERDICTS } from "./verdicts.ts";

export interface ViewState {
  doc: number;
  selected: string;
  filters: Filters;
  sort: SortKey;
  descending: boolean;
  /** Id of the finding that is linked to. */
  finding: string;
  /** Findings of all documents, not of the one that is read. */
  everywhere: boolean;
}

const SORTS: readonly SortKey[] = ["text", "kind", "subject", "object", "place", "time", "quantity", "status", "by", "verdict"];

export function encodeState(state: ViewState): string {
  const p = new URLSearchParams();
  const f = state.filters;
  if (state.doc) p.set("doc", String(state.doc + 1));
  if (state.selected) p.set("s", state.selected);
  if (f.kinds.length) p.set("kind", f.kinds.join(","));
  if (f.statuses.length) p.set("status", f.statuses.join(","));
  if (f.verdicts.length) p.set("verdict", f.verdicts.join(","));
  for (const name of ["actor", "by", "q", "from", "to"] as const) if (f[name]) p.set(name, f[name]);
  if (state.sort !== "text" || state.descending) p.set("sort", (state.descending ? "-" : "") + state.sort);
  if (state.everywhere) p.set("findings", "all");
  if (state.finding) p.set("f", state.finding);
  return p.toString();
}

/** The state that a fragment names; what it does not know or cannot be is left at its default. */
export function decodeState(fragment: string, documents: number): ViewState {
  const p = new URLSearchParams(fragment.replace(/^#/, ""));
  const filters = noFilters();
  const list = <T extends string>(name: string, known: readonly T[]): T[] =>
    (p.get(name) ?? "").split(",").filter((x): x is T => (known as readonly string[]).includes(x));
  filters.kinds = list("kind", KINDS);
  filters.statuses = list("status", STATUSES);
  filters.verdicts = list("verdict", VERDICTS);
  for (const name of ["actor", "by", "q", "from", "to"] as const) filters[name] = p.get(name) ?? "";
  const sort = (p.get("sort") ?? "").replace(/^-/, "") as SortKey;
  const doc = Number(p.get("doc") ?? 1) - 1;
  return {
    doc: Number.isInteger(doc) && doc >= 0 && doc < documents ? doc : 0,
    selected: p.get("s") ?? "",
    filters,
    sort: SORTS.includes(sort) ? sort : "text",
    descending: (p.get("sort") ?? "").startsWith("-"),
    finding: p.get("f") ?? "",
    everywhere: p.get("findings") === "all",
  };
}
