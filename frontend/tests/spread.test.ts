import assert from "node:assert/strict";
import { test } from "node:test";
import { changeName, changesCsv, changeWords, figures, knoxTable, percentOf, ratioStep, ratioWords, spillCsv, spillRows, spillYears } from "../src/lib/spread.ts";
import { drawSpreadMap, stepOf } from "../src/lib/spreadmap.ts";
import { drawEstimate, drawRatio, drawTempo, estimateWords, periodsOf } from "../src/lib/spreadplots.ts";
import type { Change, ContagionData, KnoxCell, SpillRow, Spread, SpreadMapData, SpreadTempo } from "../src/lib/spreadtypes.ts";

const change = (more: Partial<Change> = {}): Change => ({
  kind: "division", name: "Alpha", country: "NER", events: 4, deaths: 2, before: 26, expected: 2, ratio: 2, wide_low: 0.5, wide_high: 6, flag: null, status: "ongoing", ...more,
});
const spill = (from: string, to: string, share: number, year: number | null = null, low = share / 2): SpillRow => ({ year, from, to, triggered: share * 100, events: 100, share, low, high: share * 2 });
const tempo = (events: number[], more: Partial<SpreadTempo> = {}): SpreadTempo => ({
  by: "month", half_life: 6, near: 2, start: "2019-11-01", periods: null, events, deaths: events, mean: events, breaks: [], ...more,
});
const spaced = (words: string): string => words.replaceAll("\u00a0", " ");
const spread = { countries: { NER: "Niger", BFA: "Burkina Faso" } } as unknown as Spread;

test("numbers have the digits that matter", () => {
  assert.deepEqual([0, 0.077, 9.46, 9.999, 46.21, 1234.5].map(figures), ["0", "0.08", "9.46", "10.0", "46.2", "1,235"]);
  assert.deepEqual([0, 0.0001, 0.021, 0.32, 1].map(percentOf).map(spaced), ["0 %", "< 0.1 %", "2.1 %", "32 %", "100 %"]);
});

test("a change is told in words, and one without a before has no ratio", () => {
  assert.equal(ratioWords(change()), "2.00 (0.50 to 6.00)");
  assert.equal(ratioWords(change({ wide_high: null })), "2.00 (0.50 to no limit)");
  assert.equal(ratioWords(change({ ratio: null })), "none before");
  assert.equal(changeWords(change({ flag: "more" })), "more than expected");
  assert.equal(changeWords(change({ status: "new" })), "new, may be chance");
  assert.deepEqual([change(), change({ kind: "country", name: "BFA" }), change({ kind: "actor" }), change({ kind: "all" })].map((c) => changeName(spread, c)), ["Alpha, Niger", "Burkina Faso", "Alpha", "All events"]);
});

test("a ratio is drawn on a log axis about 1, and stays in the drawing", () => {
  const drawn = drawRatio(change({ ratio: 1, wide_low: 0.25, wide_high: 4 }), 100)!;
  assert.equal(drawn.dot, drawn.one);
  assert.ok(Math.abs(drawn.one - drawn.x0 - (drawn.x1 - drawn.one)) < 1e-9);
  const far = drawRatio(change({ ratio: 0, wide_low: 0, wide_high: null }), 100)!;
  assert.ok(far.x0 >= 0 && far.dot >= 0 && far.x1 <= 100);
  assert.equal(drawRatio(change({ ratio: null }), 100), null);
});

test("months follow each other over the year's end, weeks are as given", () => {
  assert.deepEqual(periodsOf(tempo([1, 2, 3])), ["2019-11-01", "2019-12-01", "2020-01-01"]);
  assert.deepEqual(periodsOf(tempo([1], { by: "week", periods: ["2020-01-06"] })), ["2020-01-06"]);
});

test("levels step at the change points, and labels of changes keep apart", () => {
  const breaks = Array.from({ length: 6 }, (_, i) => ({ period: `2020-0${i + 1}-01`, before: i, after: i + 1, support: 0.5 + i / 20 }));
  const plot = drawTempo(tempo(Array(24).fill(4), { breaks }), 300, 200);
  assert.equal(plot.breaks.length, 6);
  assert.equal(plot.steps.split("L").length, 2 + 2 * 6);
  const labels = plot.breaks.filter((b) => b.labelX !== null);
  assert.ok(labels.length > 0 && labels.length < 6, "some have no room");
  assert.ok(labels.some((b) => b.label === "75 %"), "that with most support has its label");
  for (const a of labels) for (const b of labels) assert.ok(a === b || a.labelY !== b.labelY || Math.abs(a.labelX! - b.labelX!) > 20);
  for (const bar of plot.bars) assert.ok(bar.x >= plot.left && bar.x + bar.w <= plot.right + 0.01 && bar.y >= plot.top);
  assert.deepEqual(plot.years.map((y) => y.label), ["2019", "2020", "2021"]);
  assert.equal(drawTempo(tempo([0]), 300, 200).bars[0]!.h, 0);
});

test("estimate and placebos share an axis; the line is at half of what was fitted", () => {
  const c = { offspring: { value: 0.3, low: 0.25, high: 0.35, raw: 0.2 }, wide: [0.1, 0.4], placebos: { shuffled: [0.01, 0.03], dithered: [0.1], smoothed: [] } } as unknown as ContagionData;
  const plot = drawEstimate(c, 500);
  assert.deepEqual(plot.rows.map((r) => r.dots.length), [1, 1, 2, 1], "a kind without draws has no row");
  const [estimate, raw, shuffled, dithered] = plot.rows;
  assert.ok(estimate!.thin![0] < estimate!.thick![0] && estimate!.thick![1] < estimate!.thin![1]);
  assert.ok(Math.abs(dithered!.dots[0]! - plot.half) < 1e-9, "a placebo of half the estimate lies on the line");
  assert.ok(raw!.dots[0]! > plot.half && shuffled!.mean! < plot.half);
  for (const row of plot.rows) for (const x of row.dots) assert.ok(x >= 0 && x <= 500);
  assert.match(estimateWords(c), /0\.30 \(0\.25 to 0\.35; 0\.10 to 0\.40\).*shuffled within group: 0\.020/);
});

test("a band of few pairs has no colour, one of many has", () => {
  const knox = (pairs: number, expected: number): KnoxCell => ({ distance: "up to 1", time: "1 to 7", pairs, expected, ratio: 1, p: 1, year_expected: expected, year_ratio: expected ? pairs / expected : null, year_p: 1 });
  assert.deepEqual([knox(0, 0), knox(2, 0.1), knox(50, 0), knox(50, 10), knox(30, 10), knox(15, 10), knox(10, 10), knox(7, 10), knox(1, 10)].map(ratioStep), [0, 0, 3, 3, 2, 1, 0, -1, -3]);
  const table = knoxTable([knox(1, 1), { ...knox(2, 2), time: "7 to 14" }]);
  assert.deepEqual([table.distances, table.times, table.at("up to 1", "7 to 14")?.pairs], [["up to 1"], ["1 to 7", "7 to 14"], 2]);
});

test("the spill-over table by year, and as CSV with guarded cells", () => {
  const table = { names: [], of: 2, window: [spill("=A", "B", 0.1)], years: [spill("=A", "B", 0.2, 2020), spill("=A", "B", 0.3, 2021)], years_of: 2 };
  assert.deepEqual(spillYears(table), [2021, 2020]);
  assert.deepEqual(spillRows(table, 2020).map((r) => r.share), [0.2]);
  assert.deepEqual(spillRows(table, null).map((r) => r.share), [0.1]);
  assert.match(spillCsv(table), /\r\nall,'=A,B,10,100,0\.1/);
  assert.match(changesCsv([change({ name: "+x" })]), /division,'\+x,NER,4/);
});

const ring = (lon: number, lat: number): [number, number][] => [[lon, lat], [lon + 0.3, lat], [lon + 0.3, lat + 0.3], [lon, lat + 0.3]];
const mapData = (points: [number, number][]): SpreadMapData => ({
  km2: 1770, of: points.length, at_risk: 3, risk: "", hits_of: 1,
  cells: points.map(([lon, lat], i) => ({ ring: ring(lon, lat), events: i + 1, deaths: 0, first: "2020-01-01", last: "2021-01-01", fresh: i === 0 })),
  hits: [{ name: "Alpha", country: "NER", first: "2020-01-01", group: "G", events: 1, lat: points[0]![1], lon: points[0]![0] }, { name: null, country: null, first: "2020-02-01", group: "G", events: 1, lat: null, lon: null }],
  middles: [{ country: "NER", lon: points[0]![0], lat: points[0]![1], events: 9 }, { country: "BFA", lon: points.at(-1)![0], lat: points.at(-1)![1], events: 9 }],
});

test("cells, hits and arrows lie in the drawing, also across 180° east and in the whole world", () => {
  for (const points of [[[2, 13], [3, 14]], [[179.5, 64], [180.7, 65]], [[-170, -60], [0, 0], [170, 60]]] as [number, number][][]) {
    const map = drawSpreadMap(mapData(points), [spill("NER", "BFA", 0.2), spill("BFA", "NER", 0.1, null, 0), spill("NER", "NER", 0.5), spill("NER", "XXX", 0.5)], (c) => c, 700);
    assert.equal(map.cells.length, points.length);
    for (const c of map.cells) for (const n of c.d.match(/-?[\d.]+/g)!.map(Number)) assert.ok(n >= -1 && n <= 701, c.d);
    assert.deepEqual(map.hits.map((h) => h.name), ["Alpha 2020"], "one without a point is in the table alone");
    assert.deepEqual(map.arrows.map((a) => [spaced(a.words), a.clear]), [["NER to BFA: 20 % (10 % to 40 %)", true], ["BFA to NER: 10 % (0 % to 20 %)", false]]);
    assert.ok(map.arrows[0]!.width > map.arrows[1]!.width);
    assert.notDeepEqual([map.arrows[0]!.x, map.arrows[0]!.y], [map.arrows[1]!.x, map.arrows[1]!.y], "there and back keep apart");
  }
});

test("steps of the map's colour cover all numbers, in order", () => {
  for (const most of [1, 2, 7, 566, 40_000]) {
    const steps = Array.from({ length: most }, (_, i) => stepOf(i + 1, most));
    assert.equal(steps.at(-1), 5);
    assert.deepEqual(steps, [...steps].sort((a, b) => a - b));
    const legend = drawSpreadMap({ ...mapData([[2, 13]]), cells: [{ ring: ring(2, 13), events: most, deaths: 0, first: "", last: "", fresh: false }] }, [], (c) => c, 500).steps;
    assert.match(legend.at(-1)!.label, new RegExp(`${most.toLocaleString("en-GB")}$`));
    assert.match(legend[0]!.label, /^1/);
  }
});
