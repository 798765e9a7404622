import assert from "node:assert/strict";
import { test } from "node:test";
import { chanceWords, countWords, drawFan, expectedWords, fansCsv, fanScale, fanWords, intervalOf, isDrawn } from "../src/lib/forecastplots.ts";
import type { ForecastData, ForecastUnit } from "../src/lib/forecasttypes.ts";

const unit = (history: (number | null)[], quantiles: number[][]): ForecastUnit => ({
  unit: "=1|NER", name: "Dune Army in Niger", last: "2020-02", history, quantiles, expected: 12.34, median: 1, low90: 0, high90: 7.05, p1: 0.5, p25: 0.004,
});
const rising = (top: number): number[] => [0, 0, 1, 2, 3, top / 2, top];
const data = { target: "deaths", since: "2019-11", origin: "2020-02", months: ["2020-03", "2020-04"] } as ForecastData;
/** Pairs of x and y of a path. */
const points = (d: string): number[][] => d.split(/[ML]/).filter(Boolean).map((pair) => pair.replace("Z", "").split(" ").map(Number));

test("a fan has a month a step, the widest band around the others, and stays in its drawing", () => {
  const one = unit([3, 0, 5, 1], [rising(8), rising(6)]);
  const drawn = drawFan(one, data, fanScale([one]), 300, 150);
  const [wide, , narrow] = drawn.bands.map((d) => points(d).map(([, y]) => y!));
  assert.ok(Math.min(...wide!) < Math.min(...narrow!) && Math.max(...wide!) >= Math.max(...narrow!));
  for (const d of [...drawn.bands, drawn.median, drawn.history]) for (const [x, y] of points(d)) assert.ok(x! >= drawn.left - 0.1 && x! <= drawn.right + 0.1 && y! >= 0 && y! <= drawn.base + 0.1);
  assert.equal(points(drawn.history).at(-1)![0]!.toFixed(1), drawn.origin.toFixed(1));
  assert.equal(points(drawn.median)[0]![0]!.toFixed(1), drawn.origin.toFixed(1));
  assert.deepEqual(drawn.years.map((y) => y.label), ["2020"]);
});

test("months before a unit was there are left out of its line", () => {
  const drawn = drawFan(unit([null, 2, null, 1], [rising(2)]), data, { log: false, top: 5 }, 300, 150);
  assert.equal(drawn.history.match(/M/g)!.length, 2);
  assert.equal(points(drawn.history).length, 4);
});

test("one scale for all, of logarithms from a hundred on", () => {
  const [small, large] = [unit([1], [rising(9)]), unit([150], [rising(9)])];
  assert.deepEqual(fanScale([small]), { log: false, top: 9 });
  assert.deepEqual(fanScale([small, large]), { log: true, top: 150 });
  assert.deepEqual(fanScale([]), { log: false, top: 1 });
  assert.deepEqual(drawFan(large, data, { log: true, top: 1500 }, 300, 150).levels.map((l) => l.label), ["0", "10", "100", "1,000"]);
});

test("a unit without anything to see is not drawn", () => {
  const nothing = [0, 0, 0, 0, 0, 0, 0];
  assert.equal(isDrawn(unit([0, null], [nothing])), false);
  assert.equal(isDrawn(unit([0, 1], [nothing])), true);
  assert.equal(isDrawn(unit([0], [nothing, rising(1)])), true);
});

test("numbers and chances are told as people write them, never as certain", () => {
  assert.deepEqual([0, 7.05, 44.1, 123.4, 1234].map(countWords), ["0", "7.1", "44.1", "123", "1,234"]);
  assert.deepEqual([0.04, 18, 99.9, 1234.5].map(expectedWords), ["0.0", "18.0", "99.9", "1,235"]);
  assert.deepEqual([0, 0.004, 0.5, 0.999, 1].map((p) => chanceWords(p).replace("\u00a0", " ")), ["0 %", "<1 %", "50 %", ">99 %", "100 %"]);
  assert.equal(intervalOf(unit([], [])), "0 to 7.1");
  assert.equal(fanWords(unit([3, null], [rising(8), rising(8)]), data), "Dune Army in Niger: deaths a month from 2020-03 to 2020-04, median 1, 90 % interval 0 to 7.1; from 2019-11 to 2020-02 at most 3.");
});

test("the file has a row a unit and month, and no cell that a spreadsheet would run", () => {
  const lines = fansCsv({ ...data, units: [unit([1], [rising(8), rising(6)])] }).trimEnd().split("\r\n");
  assert.equal(lines[0], "unit,name,month,q05,q10,q25,median,q75,q90,q95");
  assert.equal(lines[2], "'=1|NER,Dune Army in Niger,2020-04,0,0,1,2,3,3,6");
  assert.equal(lines.length, 3);
});
