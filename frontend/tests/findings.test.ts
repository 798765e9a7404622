import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsCsv } from "../src/lib/checkexport.ts";
import type { Finding } from "../src/lib/checktypes.ts";
import { matches, noFilters, sortEntries } from "../src/lib/filters.ts";
import { bareAlone, byStatement, findingRows, rowMatches, shellQuote, untestedByReason, verdictCounts } from "../src/lib/findings.ts";
import { buildIntervalPlot, intervalWords, linearTicks } from "../src/lib/intervalplot.ts";
import { aroundDays, reasonKind, reasonParts, sentence } from "../src/lib/reasons.ts";
import { buildTempoPlot, tempoTitle, yearly } from "../src/lib/tempoplot.ts";
import { decodeState } from "../src/lib/urlstate.ts";
import { verdictShape, VERDICTS } from "../src/lib/verdicts.ts";
import { model, role, statement } from "./samples.ts";

const text = "Alpha made 64 attacks in Gao. Beta wants a state.";
const finding = (id: string, of: string, verdict: string, more: Partial<Finding> = {}): Finding => ({
  id, statement: of, document: "sha256:0", kind: "count", place: null, verdict, reason: "A reason.", claimed: null, record: null, before: null,
  after: null, period: null, sets: [], coverage: "", caveats: [], sql: null, events: [], tempo: null, others: [], independent: 1, score: null, ...more,
});
const attacks = statement(text, "Alpha made 64 attacks in Gao.", { kind: "count", type: "attacks", subject: role(text, "Alpha") });
const aim = statement(text, "Beta wants a state.", { kind: "aim", type: "goal", subject: role(text, "Beta"), text: "a state" });
const findings = [
  finding("f1", attacks.id, "above_record", { reason: "=HYPERLINK(1)", caveats: [{ code: "x", text: "Only the Kidal region." }] }),
  finding("f2", attacks.id, "alone"),
  finding("f3", aim.id, "untestable", { kind: "aim" }),
  finding("f4", "st_gone", "untestable", { reason: "Another reason." }),
];
const m = model(text, [attacks, aim], [], byStatement(findings));
const rows = findingRows([[0, m]], findings);
const ids = (more: object): string[] => rows.filter((r) => rowMatches(r, { ...noFilters(), ...more })).map((r) => r.f.id);

test("findings stand in the order of the text, and none is lost", () => {
  assert.deepEqual(rows.map((r) => r.f.id), ["f1", "f2", "f3", "f4"]);
  assert.equal(rows[3]!.entry, null);
  assert.deepEqual([...verdictCounts(rows)], [["above_record", 1], ["alone", 1], ["untestable", 2]]);
  assert.deepEqual(untestedByReason(rows).map((g) => [g.reason, g.rows.length]), [["A reason.", 1], ["Another reason.", 1]]);
});

test("findings are filtered by kind, actor and any of their words", () => {
  assert.deepEqual(ids({ kinds: ["count"] }), ["f1", "f2", "f4"]);
  assert.deepEqual(ids({ actor: "“beta”" }), ["f3"]);
  assert.deepEqual(ids({ q: "KIDAL" }), ["f1"]);
  assert.deepEqual(ids({ q: "64 gao" }), ["f1", "f2"], "the words of the claim count as well");
  assert.deepEqual(ids({ verdicts: ["alone"] }).length, 4, "the verdict is left to the counts");
});

test("statements are filtered and sorted by what came of them", () => {
  const shown = (verdicts: string[]): number[] => m.entries.filter((e) => matches(e, { ...noFilters(), verdicts })).map((e) => e.index);
  assert.deepEqual(shown(["alone"]), [0]);
  assert.deepEqual(shown(["pending"]), []);
  assert.deepEqual(sortEntries(m.entries, "verdict", true).map((e) => e.index), [1, 0]);
});

test("a fragment names only verdicts that there are", () => {
  const state = decodeState("#verdict=alone,nonsense&findings=all&f=f2", 1);
  assert.deepEqual([state.filters.verdicts, state.everywhere, state.finding], [["alone"], true, "f2"]);
});

test("each verdict of a family has a shape of its own", () => {
  for (const verdict of VERDICTS) assert.match(verdictShape(verdict), /^M/);
  const past = ["matches", "partly", "above_record", "below_record", "no_record", "contradicts"].map(verdictShape);
  assert.equal(new Set(past).size, past.length);
});

test("an exported reason that a spreadsheet would run is guarded", () => {
  assert.match(findingsCsv(rows), /'=HYPERLINK\(1\)/);
  assert.equal(findingsCsv(rows).trimEnd().split("\r\n").length, 5);
});

test("the plot keeps its order and its frame, open ends and odd numbers too", () => {
  const record = (low: number, best: number, high: number) => ({ unit: "events", low, best, high });
  for (const [low, high, r] of [[64, 64, record(40, 44, 52)], [null, 500, record(1, 2, 3)], [11, null, record(700, 900, 1100)], [0, 0, record(0, 0, 0)]] as const) {
    const plot = buildIntervalPlot({ text: "", low, high }, r, 300);
    assert.ok(plot.claimed && plot.record);
    assert.ok(plot.record.x0 <= plot.record.best && plot.record.best <= plot.record.x1);
    for (const x of [plot.claimed.x0, plot.claimed.x1, plot.record.x0, plot.record.x1]) assert.ok(x >= 0 && x <= 300, String(x));
    assert.equal(plot.claimed.openEnd, high === null);
    assert.ok(plot.ticks.length >= 2 && plot.ticks.length <= 8);
  }
  assert.equal(buildIntervalPlot({ text: "", low: 3, high: 3 }, record(900, 900, 900), 300).log, true);
  assert.equal(intervalWords({ text: "", low: 64, high: null }, record(40, 44, 52)), "Claimed: 64 or more. On record: 44 events (40 to 52).");
  assert.deepEqual(linearTicks(52, 5), [0, 20, 40]);
});

test("tempo: a bar a month, the period and the day said inside the frame", () => {
  const tempo = { unit: "month" as const, start: "2021-11", counts: [0, 2, 4, 1], deaths: [0, 9, 1, 1], actor: "A", place: "B" };
  const options = { unit: "events" as const, period: { start: "2022-01-01", end: null }, said: "2021-12-15", width: 300, height: 100 };
  const plot = buildTempoPlot(tempo, options);
  assert.deepEqual(plot.bars.map((b) => b.label), ["2021-11", "2021-12", "2022-01", "2022-02"]);
  assert.deepEqual(plot.bars.map((b) => b.after), [false, true, true, true]);
  assert.ok(plot.said! > plot.bars[1]!.x && plot.said! < plot.bars[2]!.x);
  assert.ok(Math.abs(plot.period!.x + plot.period!.w - plot.right) < 0.01, "an open end reaches the edge");
  assert.deepEqual(plot.years.map((y) => y.label), ["2022"]);
  assert.equal(buildTempoPlot(tempo, { ...options, unit: "deaths" }).bars.findIndex((b) => b.y < 20), 1);
  assert.equal(buildTempoPlot({ ...tempo, unit: "year", start: "2018" }, options).bars[3]!.label, "2021");
  assert.deepEqual(buildTempoPlot({ ...tempo, counts: [], deaths: [] }, options).bars, []);
});

test("numbers a year need both ends and a quarter of a year", () => {
  assert.equal(yearly({ start: "2020-01-01", end: "2021-12-31", best: 4 })!.value.toFixed(1), "2.0");
  assert.equal(yearly({ start: null, end: "2021-12-31", best: 4 }), null);
  assert.equal(yearly({ start: "2021-12-01", end: "2021-12-31", best: 4 }), null);
});

test("a query in single quotes reaches the program as it is", () => {
  assert.equal(shellQuote("a = 'B'"), "'a = '\\''B'\\'''");
});

test("a rate goes no further than single events do, and looks back as far as they are drawn", () => {
  const tempo = { unit: "month", start: "2019-01", counts: [...Array<number>(24).fill(1), 6, 0, 0, 0], deaths: [], actor: "Alpha", place: null } as const;
  const own = { ...tempo, counts: [...tempo.counts], deaths: [] };
  const after = yearly({ start: "2021-01-01", end: "2022-12-31", best: 6 }, own)!;
  assert.deepEqual([after.value.toFixed(1), after.over], ["18.3", "to 2021-04-30"]);
  const before = yearly({ start: null, end: "2020-12-31", best: 90 }, own)!;
  assert.deepEqual([before.value, before.over], [12, "2019-01 to 2020-11"]);
  assert.equal(tempoTitle(own, "events"), "Events a month: Alpha, the whole record");
});

test("a long reason is a sentence and a list, and no day is broken", () => {
  const long = "alpha was active there before it was said (before: 50 events, the first on 2015-01-30, the last on 2021-08-31; yearly data show it in 2017; after: 7 events; in the 473 days after it 7)";
  assert.deepEqual(reasonParts(long), {
    main: "Alpha was active there before it was said.",
    details: ["Before: 50 events, the first on 2015-01-30, the last on 2021-08-31; yearly data show it in 2017", "After: 7 events", "In the 473 days after it 7"],
  });
  assert.deepEqual(reasonParts("It fits (match score 1.00)"), { main: "It fits (match score 1.00).", details: [] });
  assert.deepEqual([sentence(""), sentence("so it is."), sentence("really?")], ["", "So it is.", "Really?"]);
  assert.deepEqual(aroundDays("from 2020-01-02 on"), ["from ", "2020-01-02", " on"]);
});

test("reasons that differ in names alone are one", () => {
  assert.deepEqual(reasonKind("UCDP does not record closures"), reasonKind("UCDP does not record events of the kind 'release'"));
  assert.equal(reasonKind("A $1 B does not record x").kind, "A $1 B does not record what is claimed here");
  assert.equal(reasonKind("the text says neither when nor where").kind, "the text says neither when nor where");
  const persons = ["A", "B"].map((n) => finding(n, aim.id, "untestable", { reason: `event data do not record persons such as ${n}` }));
  const [group] = untestedByReason(findingRows([], persons));
  assert.deepEqual([group!.reason, group!.own, group!.rows.length], ["event data do not record single persons", false, 2]);
  const [one] = untestedByReason(findingRows([], [persons[0]!]));
  assert.deepEqual([one!.reason, one!.own], ["event data do not record persons such as A", false]);
});

test("claims of one source are listed only where nothing else is known of them", () => {
  const more = [finding("g1", "st_x", "alone", { sql: "SELECT 1" }), finding("g2", "st_x", "agrees")];
  assert.deepEqual(bareAlone(findingRows([[0, m]], [...findings, ...more])).map((r) => r.f.id), ["f2"]);
});
