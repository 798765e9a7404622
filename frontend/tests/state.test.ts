import assert from "node:assert/strict";
import { test } from "node:test";
import { csvCell, toCsv } from "../src/lib/exporting.ts";
import { matches, noFilters, sortEntries } from "../src/lib/filters.ts";
import { period } from "../src/lib/period.ts";
import { decodeState, encodeState } from "../src/lib/urlstate.ts";
import { model, role, statement } from "./samples.ts";

const text = "In Kunaṟ the Taliban fought ISKP in May 2020. Officials said ten died.";
const { entries } = model(text, [
  statement(text, "In Kunaṟ the Taliban fought ISKP in May 2020.", {
    subject: role(text, "Taliban", "taliban"),
    time: { surface: "in May 2020", start: "2020-05-01", end: "2020-05-31", precision: "month" },
  }),
  statement(text, "ten died", { kind: "count", type: "killed", status: "alleged", attribution: [{ surface: "Officials", name: "officials", cue: "said" }] }),
]);
const [clash, count] = entries as [(typeof entries)[0], (typeof entries)[0]];
const shown = (more: object): number[] => entries.filter((e) => matches(e, { ...noFilters(), ...more })).map((e) => e.index);

test("filters narrow by kind, status, actor, source, words and period", () => {
  assert.deepEqual(shown({}), [0, 1]);
  assert.deepEqual(shown({ kinds: ["count"] }), [1]);
  assert.deepEqual(shown({ statuses: ["fact"] }), [0]);
  assert.deepEqual(shown({ actor: "taliban" }), [0]);
  assert.deepEqual(shown({ by: "officials" }), [1]);
  assert.deepEqual(shown({ by: "(author)" }), [0]);
  assert.deepEqual(shown({ q: "KUNAR fought" }), [0], "marks and case are folded, words may stand anywhere");
  assert.deepEqual(shown({ from: "2020-05-31" }), [0]);
  assert.deepEqual(shown({ from: "2020-06-01" }), []);
  assert.deepEqual(shown({ to: "2020-04-30" }), []);
});

test("what has no value is sorted last both ways", () => {
  assert.deepEqual(sortEntries([count, clash], "time", false), [clash, count]);
  assert.deepEqual(sortEntries([count, clash], "time", true), [clash, count]);
  assert.deepEqual(sortEntries(entries, "text", true), [count, clash]);
});

test("state goes into the fragment and comes back", () => {
  const state = {
    doc: 2, selected: "st_1", sort: "time" as const, descending: true, finding: "fi_1", everywhere: true,
    filters: { kinds: ["tie" as const, "cause" as const], statuses: ["alleged" as const], verdicts: ["partly", "pending"], actor: "“a & b”", by: "(author)", q: "x=1&y #", from: "2020-01-01", to: "" },
  };
  assert.deepEqual(decodeState(`#${encodeState(state)}`, 3), state);
});

test("a fragment from elsewhere does no harm", () => {
  const state = decodeState("#doc=99&kind=tie,nonsense&sort=constructor&status=<script>", 2);
  assert.deepEqual([state.doc, state.filters.kinds, state.filters.statuses, state.sort], [0, ["tie"], [], "text"]);
});

test("cells that a spreadsheet would run are guarded", () => {
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) assert.ok(/^"?'/.test(csvCell(`${start}1+1`)));
  assert.equal(csvCell(-5), "-5");
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvCell(null), "");
  const lines = toCsv(entries).trimEnd().split("\r\n");
  assert.equal(lines.length, 3);
  assert.match(lines[0]!, /^id,kind,type,subject/);
});

test("periods in words", () => {
  const say = (start: string | null, end: string | null, precision: string | null = null): string | null => period({ surface: "", start, end, precision });
  assert.equal(say("2019-01-01", "2019-12-31"), "2019");
  assert.equal(say("2020-02-01", "2020-02-29"), "Feb 2020");
  assert.equal(say("2021-01-01", "2021-06-30"), "Jan–Jun 2021");
  assert.equal(say("2021-02-14", "2021-02-14", "day"), "14 Feb 2021");
  assert.equal(say("2020-05-01", null, "month"), "since May 2020");
  assert.equal(say(null, "2021-12-31", "year"), "until the end of 2021");
  assert.equal(say("2020-01-01", null, "day"), "since 1 Jan 2020");
  assert.equal(say(null, null), null);
});
