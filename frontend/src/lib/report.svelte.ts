// What the reader of the report is looking at: one object that all parts share.

import type { Checks, Finding } from "./checktypes.ts";
import { AUTHOR, isFiltered, matches, noFilters, sortEntries, type Filters, type SortKey } from "./filters.ts";
import type { Forecasts } from "./forecasttypes.ts";
import { byStatement, findingRows, rowMatches, type FindingRow } from "./findings.ts";
import { buildModel, type Entry, type Model } from "./model.ts";
import type { Spread } from "./spreadtypes.ts";
import type { Payload, Words } from "./types.ts";
import { decodeState, encodeState } from "./urlstate.ts";

export type Theme = "auto" | "light" | "dark";

export class Report {
  readonly payload: Payload;
  readonly words: Words;
  readonly checks: Checks | null;
  readonly spread: Spread | null;
  readonly forecasts: Forecasts | null;
  #models = new Map<number, Model>();
  #findings: Map<string, Finding[]>;

  docIndex = $state(0);
  filters = $state<Filters>(noFilters());
  sort = $state<SortKey>("text");
  descending = $state(false);
  /** Index of the statement under the pointer or focus, and where from: only the text opens the card for it. */
  hovered = $state<number | null>(null);
  hoveredFrom = $state<"text" | "list">("text");
  selected = $state<number | null>(null);
  pinned = $state(false);
  /** Id of the finding that is linked to, and how often one was asked for: asking again goes there again. */
  finding = $state("");
  asked = $state(0);
  everywhere = $state(false);
  shortcuts = $state(remembered("shortcuts") !== "off");
  theme = $state<Theme>((remembered("theme") as Theme | null) ?? "auto");

  model = $derived.by(() => this.#model(this.docIndex));
  shown = $derived(this.model.entries.filter((e) => matches(e, this.filters)));
  shownSet = $derived(new Set(this.shown.map((e) => e.index)));
  sorted = $derived(sortEntries(this.shown, this.sort, this.descending));
  /** Findings of the document that is read, or of all; a single document is all. */
  rows = $derived.by(() => this.#rows(this.everywhere || this.payload.documents.length === 1));
  /** Those that pass all filters but the one by verdict: what the counts by verdict count. */
  passing = $derived(this.rows.filter((row) => rowMatches(row, this.filters)));
  found = $derived(this.filters.verdicts.length ? this.passing.filter((r) => this.filters.verdicts.includes(r.f.verdict)) : this.passing);
  filtered = $derived(isFiltered(this.filters));
  /** The statement whose words are lit. */
  lit = $derived(this.pinned ? this.selected : (this.hovered ?? this.selected));
  /** The statement that the card shows. */
  card = $derived(this.pinned || this.hovered === null || this.hoveredFrom === "list" ? this.selected : this.hovered);

  constructor(payload: Payload) {
    this.payload = payload;
    this.words = payload.words;
    this.checks = payload.checks ?? null;
    this.spread = payload.spread ?? null;
    this.forecasts = payload.forecasts ?? null;
    this.#findings = byStatement(this.checks?.findings ?? []);
    this.read(location.hash);
  }

  #model(index: number): Model {
    const found = this.#models.get(index) ?? buildModel(this.payload.documents[index]!, this.payload, this.#findings);
    this.#models.set(index, found);
    return found;
  }

  #rows(all: boolean): FindingRow[] {
    const findings = this.checks?.findings ?? [];
    if (!findings.length) return [];
    if (all) return findingRows(this.payload.documents.map((_, i) => [i, this.#model(i)] as const), findings);
    const { id } = this.model.raw;
    return findingRows([[this.docIndex, this.model]], findings.filter((f) => f.document === id));
  }

  entry(index: number | null): Entry | null {
    return index === null ? null : (this.model.entries[index] ?? null);
  }

  read(fragment: string): void {
    const state = decodeState(fragment, this.payload.documents.length);
    this.docIndex = state.doc;
    this.filters = state.filters;
    this.sort = state.sort;
    this.descending = state.descending;
    this.everywhere = state.everywhere;
    this.finding = state.finding;
    if (state.finding) this.asked += 1;
    const at = this.#model(state.doc).entries.findIndex((e) => e.s.id === state.selected);
    this.selected = at >= 0 ? at : null;
    this.pinned = at >= 0;
  }

  fragment(): string {
    const selected = this.entry(this.selected)?.s.id ?? "";
    const { docIndex: doc, filters, sort, descending, finding, everywhere } = this;
    return encodeState({ doc, selected, filters, sort, descending, finding, everywhere });
  }

  open(index: number): void {
    this.close();
    this.docIndex = index;
    this.filters = noFilters();
    this.finding = "";
  }

  /** Whether the report holds the statement, so that `goTo` leads somewhere. */
  holds(document: string, statement: string): boolean {
    return this.payload.documents.some((d) => d.id === document && d.statements.some((s) => s.id === statement));
  }

  /** Go to a statement in whichever document it is. */
  goTo(document: string, statement: string): void {
    const doc = this.payload.documents.findIndex((d) => d.id === document);
    const at = doc < 0 ? -1 : this.#model(doc).entries.findIndex((e) => e.s.id === statement);
    if (at < 0) return;
    if (doc !== this.docIndex) {
      this.close();
      this.docIndex = doc;
    }
    this.select(at, true);
  }

  /** The day on which a forecast was said; undefined where the finding is no forecast. */
  saidOn(finding: string): string | null | undefined {
    return this.checks?.outlook.entries.find((e) => e.finding === finding)?.said;
  }

  /** Go to a finding; filters that hide it are taken off. */
  showFinding(id: string): void {
    this.close();
    if (!this.found.some((r) => r.f.id === id)) this.filters = noFilters();
    if (!this.found.some((r) => r.f.id === id)) this.everywhere = true;
    this.finding = id;
    this.asked += 1;
  }

  select(index: number, pin: boolean): void {
    this.selected = index;
    this.pinned = pin || this.pinned;
    this.hovered = null;
  }

  close(): void {
    this.selected = null;
    this.pinned = false;
    this.hovered = null;
  }

  /** Go to the next or previous of the shown statements, in the text's order. */
  walk(step: 1 | -1): void {
    const shown = this.shown;
    if (!shown.length) return;
    const current = this.selected;
    const at = shown.findIndex((e) => e.index === current);
    const next = at >= 0 ? at + step : step > 0 ? 0 : shown.length - 1;
    this.select(shown[Math.min(Math.max(next, 0), shown.length - 1)]!.index, false);
  }

  sortBy(key: SortKey): void {
    this.descending = this.sort === key ? !this.descending : false;
    this.sort = key;
  }

  clearFilters(): void {
    this.filters = noFilters();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    remember("theme", theme);
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  }

  setShortcuts(on: boolean): void {
    this.shortcuts = on;
    remember("shortcuts", on ? "on" : "off");
  }

  by(entry: Entry): string {
    return entry.sources.length ? entry.sources.join(" ← ") : AUTHOR;
  }
}

// a page opened from disk may have no storage at all
function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`spillover-${name}`);
  } catch {
    return null;
  }
}

function remember(name: string, value: string): void {
  try {
    localStorage.setItem(`spillover-${name}`, value);
  } catch {
    /* nothing is lost but the reader's taste */
  }
}
