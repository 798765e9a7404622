import assert from "node:assert/strict";
import { test } from "node:test";
import { placeLabels } from "../src/lib/boxes.ts";
import { buildGraph } from "../src/lib/network.ts";
import { buildMap } from "../src/lib/placemap.ts";
import { buildTimeline } from "../src/lib/timeline.ts";
import type { Place, Statement } from "../src/lib/types.ts";
import { model, role, statement, words } from "./samples.ts";

const text = "Alpha opposes Beta. Beta opposes Alpha. Gamma pledged to Alpha. Delta pledged to Alpha in 2019 near Gao.";
const tie = (quote: string, a: string, b: string, type: string, more: Partial<Statement> = {}): Statement =>
  statement(text, quote, { kind: "tie", type, subject: role(text, a), object: role(text, b), ...more });
const place = (surface: string, lat: number | null, lon: number | null, level: string, code: string): Place => ({
  surface, start: 0, end: 1, place: code, level, lat, lon, candidates: [],
});
const ties = [
  tie("Alpha opposes Beta.", "Alpha", "Beta", "opposes"),
  tie("Beta opposes Alpha.", "Beta", "Alpha", "opposes"),
  tie("Gamma pledged to Alpha.", "Gamma", "Alpha", "pledged_to"),
  tie("Delta pledged to Alpha in 2019 near Gao.", "Delta", "Alpha", "pledged_to", { status: "alleged" }),
];

test("symmetric ties are one edge, signs follow the type, the drawing repeats itself", () => {
  const { entries } = model(text, ties);
  const graph = buildGraph(entries, words, 800);
  assert.equal(graph.edges.length, 3);
  assert.deepEqual(graph.edges.map((e) => [e.sign, e.directed, e.entries.length]), [["negative", false, 2], ["positive", true, 1], ["positive", true, 1]]);
  assert.deepEqual(graph.edges.map((e) => e.hedged), [false, false, true]);
  for (const n of graph.nodes) assert.ok(n.x >= 0 && n.x <= graph.width && n.y >= 0 && n.y <= graph.height, n.name);
  assert.deepEqual(buildGraph(entries, words, 800), graph);
});

test("parallel edges keep apart", () => {
  const { entries } = model(text, [ties[0]!, tie("Alpha opposes Beta.", "Alpha", "Beta", "pledged_to"), tie("Beta opposes Alpha.", "Beta", "Alpha", "pledged_to")]);
  const paths = buildGraph(entries, words, 800).edges.map((e) => `${e.label.x.toFixed(0)} ${e.label.y.toFixed(0)}`);
  assert.equal(new Set(paths).size, 3);
});

test("labels cover neither points nor each other; what has no room has no place", () => {
  const frame = { x: 0, y: 0, w: 200, h: 100 };
  const at = (x: number, y: number) => ({ x, y, r: 5, width: 60, height: 14 });
  const places = placeLabels([at(50, 50), at(60, 50), at(55, 58)], frame);
  assert.ok(places[0]);
  assert.equal(new Set(places.filter(Boolean).map((p) => `${p!.x} ${p!.y}`)).size, places.filter(Boolean).length);
  assert.equal(placeLabels([{ ...at(50, 50), width: 500 }], frame)[0], null);
});

test("undated statements are counted, open ends are marked, bars stay in the frame", () => {
  const dated = (start: string | null, end: string | null): Partial<Statement> => ({ time: { surface: "t", start, end, precision: "day" } });
  const { entries } = model(text, [
    statement(text, "Alpha opposes Beta.", dated("2019-03-01", "2019-03-01")),
    statement(text, "Beta opposes Alpha.", dated("2020-03-01", null)),
    statement(text, "Gamma pledged to Alpha.", dated(null, null)),
    statement(text, "Alpha"),
  ]);
  const line = buildTimeline(entries, 900);
  assert.deepEqual([line.items.length, line.undated.length], [2, 2]);
  assert.deepEqual(line.items.map((i) => i.openEnd), [false, true]);
  for (const i of line.items) assert.ok(i.x0 >= line.left && i.x1 <= line.width);
  assert.equal(line.dayAt(line.xOf("2019-07-01")), "2019-07-01");
  assert.ok(line.ticks.some((t) => t.label === "2020"));
});

test("a country far from the towns is listed with its bearing", () => {
  const at = (p: Place): Statement => statement(text, "Alpha opposes Beta.", { place: [p] });
  const { entries } = model(text, [at(place("Kabul", 34.5, 69.2, "town", "k")), at(place("Pakistan", 30, 70, "country", "PAK")), at(place("Russia", 60, 100, "country", "RUS"))]);
  const map = buildMap(entries, 800);
  assert.deepEqual(map.points.map((p) => p.name).sort(), ["Kabul", "Pakistan"]);
  assert.deepEqual(map.beyond.map((b) => [b.name, b.direction]), [["Russia", "north-east"]]);
});

test("places are drawn inside the frame, regions are listed instead", () => {
  const at = (p: Place): Statement => statement(text, "Alpha opposes Beta.", { place: [p] });
  for (const points of [[[16.3, -0.04]], [[16.3, -0.04], [17, 9]], [[64, 179], [52, -178]], [[-41, 174], [51, 0], [40, -100]]] as [number, number][][]) {
    const { entries } = model(text, [...points.map(([lat, lon], i) => at(place(`P${i}`, lat, lon, "town", `p${i}`))), at(place("the coast", 1, 1, "region", "coast"))]);
    const map = buildMap(entries, 800);
    assert.equal(map.points.length, points.length);
    assert.deepEqual(map.unplaced.map((u) => u.name), ["the coast"]);
    for (const p of map.points) assert.ok(p.x > 0 && p.x < map.width && p.y > 0 && p.y < map.height, `${p.name} ${p.x} ${p.y}`);
    assert.ok(map.scale.km > 0 && map.scale.width < 400);
  }
});
