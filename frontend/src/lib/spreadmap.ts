// Active cells, first hits and who sets off events across which border, on a plain projected grid.

import { geoAzimuthalEqualArea, geoGraticule, geoNaturalEarth1, geoPath } from "d3-geo";
import { placeLabels, textWidth, type Placed } from "./boxes.ts";
import { degreeLabels, frameOf, scaleBar, type PlaceMap } from "./placemap.ts";
import { percentOf, shareWords } from "./spread.ts";
import type { SpillRow, SpreadMapData } from "./spreadtypes.ts";

export interface CellShape {
  d: string;
  /** 1 few events … 5 most. */
  step: number;
  fresh: boolean;
  words: string;
}
export interface Mark {
  x: number;
  y: number;
  name: string;
  words: string;
  label: Placed | null;
}
export interface Arrow {
  d: string;
  width: number;
  /** The interval does not reach 0. */
  clear: boolean;
  x: number;
  y: number;
  label: string;
  words: string;
}
export interface SpreadMap {
  cells: CellShape[];
  hits: Mark[];
  countries: Mark[];
  arrows: Arrow[];
  steps: { step: number; label: string }[];
  grid: string;
  degrees: PlaceMap["degrees"];
  scale: PlaceMap["scale"];
  width: number;
  height: number;
}

export const MAP_LABEL = 12;
/** More arrows than these cannot be told apart. */
export const ARROWS = 12;

/** `arrows`: rows between countries; `country`: names by code. */
export function drawSpreadMap(data: SpreadMapData, arrows: readonly SpillRow[], country: (code: string) => string, width: number): SpreadMap {
  const corners = data.cells.flatMap((c) => c.ring);
  const height = Math.round(Math.min(Math.max(width * 0.62, 340), 640));
  const frame = frameOf(corners.length ? corners : [[0, 0]], [1.6, 1.2]);
  const world = frame.span > 100;
  const projection = (world ? geoNaturalEarth1() : geoAzimuthalEqualArea()).rotate([-frame.lon, world ? 0 : -frame.lat]);
  // parallels are not equally long there, so that the corners of a box say little
  projection.fitExtent([[34, 30], [width - 34, height - 40]], world ? { type: "MultiPoint", coordinates: corners } : frame.points);
  projection.clipExtent([[0, 0], [width, height]]);
  const at = (lon: number, lat: number): [number, number] => projection([lon, lat]) ?? [0, 0];
  const most = Math.max(...data.cells.map((c) => c.events), 1);
  const several = data.middles.length > 1;
  const middles = new Map(data.middles.map((m) => [m.country, at(m.lon, m.lat)]));
  const drawn = arrows.filter((row) => row.from !== row.to && middles.has(row.from) && middles.has(row.to)).slice(0, ARROWS);
  const marks = [
    ...(several ? data.middles : []).map((m) => ({ kind: "country", at: middles.get(m.country)!, name: country(m.country), words: `${country(m.country)}, middle of its ${m.events.toLocaleString("en-GB")} events` })),
    ...[...data.hits].reverse().filter((h) => h.lat !== null && h.lon !== null).map((h) => ({
      kind: "hit", at: at(h.lon!, h.lat!), name: `${h.name ?? "unnamed"} ${h.first.slice(0, 4)}`, words: `${h.name ?? "unnamed"}: first hit on ${h.first}, by ${h.group}`,
    })),
  ].filter(({ at: [x, y] }) => x > 0 && x < width && y > 0 && y < height);
  const taken = drawn.map((row) => {
    const { x, y } = bend(middles.get(row.from)!, middles.get(row.to)!);
    const w = textWidth(percentOf(row.share), MAP_LABEL);
    return { x: x - w / 2, y: y - 8, w, h: 16 };
  });
  const labels = placeLabels(
    marks.map((m) => ({ x: m.at[0], y: m.at[1], r: m.kind === "country" ? 6 : 5, width: textWidth(m.name, MAP_LABEL) * (m.kind === "country" ? 1.2 : 1), height: MAP_LABEL + 3 })),
    { x: 4, y: 4, w: width - 8, h: height - 34 }, taken,
  );
  const placed = marks.map((m, i) => ({ kind: m.kind, x: m.at[0], y: m.at[1], name: m.name, words: m.words, label: labels[i] ?? null }));
  const step = [1, 2, 5, 10, 15, 30].find((s) => frame.span / s <= 8) ?? 30;
  return {
    cells: data.cells.map((c) => ({
      d: outlinePath(c.ring.map(([lon, lat]) => at(lon, lat)), width),
      step: stepOf(c.events, most), fresh: c.fresh,
      words: `${c.events.toLocaleString("en-GB")} ${c.events === 1 ? "event" : "events"}, ${c.deaths.toLocaleString("en-GB")} deaths, ${c.first} to ${c.last}${c.fresh ? ", newly active" : ""}`,
    })),
    hits: placed.filter((m) => m.kind === "hit"),
    countries: placed.filter((m) => m.kind === "country"),
    arrows: drawn.map((row) => {
      const { d, x, y } = bend(middles.get(row.from)!, middles.get(row.to)!);
      return { d, x, y, width: 1.2 + 9 * Math.sqrt(row.share), clear: row.low > 0, label: percentOf(row.share), words: `${country(row.from)} to ${country(row.to)}: ${shareWords(row)}` };
    }),
    steps: legend(most),
    grid: geoPath(projection)(geoGraticule().step([step, step]).extent([[-180, -85], [180, 85.01]])()) ?? "",
    degrees: degreeLabels(projection, width, height, step),
    scale: scaleBar(projection, width, height),
    width, height,
  };
}

/** A cell on the edge of a map of the world is drawn on the side of its first corner. */
function outlinePath(ring: readonly [number, number][], width: number): string {
  const [x0] = ring[0]!;
  const side = (x: number): number => (Math.abs(x - x0) > width / 2 ? x0 : x);
  return `${ring.map(([x, y], i) => `${i ? "L" : "M"}${side(x).toFixed(1)} ${y.toFixed(1)}`).join("")}Z`;
}

/** Steps of equal length on a log scale. */
export function stepOf(events: number, most: number): number {
  return most <= 1 ? 5 : Math.min(1 + Math.floor((Math.log(Math.max(events, 1)) / Math.log(most)) * 5), 5);
}

function legend(most: number): { step: number; label: string }[] {
  const found: { step: number; low: number; high: number }[] = [];
  // at most a few hundred numbers are tried, for above them steps are wide
  for (let n = 1; n <= most; n = n < 200 ? n + 1 : Math.min(Math.ceil(n * 1.01), Math.max(most, n + 1))) {
    const step = stepOf(n, most);
    const last = found.at(-1);
    if (last?.step === step) last.high = n;
    else found.push({ step, low: n, high: n });
  }
  return found.map(({ step, low, high }) => ({ step, label: low === high ? low.toLocaleString("en-GB") : `${low.toLocaleString("en-GB")} to ${high.toLocaleString("en-GB")}` }));
}

/** A curve that leaves room for the one the other way round, and the point where its label stands. */
function bend([x0, y0]: [number, number], [x1, y1]: [number, number]): { d: string; x: number; y: number } {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const away = Math.min(Math.max(length * 0.25, 26), 56);
  const [cx, cy] = [(x0 + x1) / 2 - uy * away, (y0 + y1) / 2 + ux * away];
  const short = Math.min(11, length / 4);
  const begin = towards(x0, y0, cx, cy, short);
  const end = towards(x1, y1, cx, cy, short);
  return { d: `M${begin.join(" ")}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${end.join(" ")}`, x: (x0 + x1 + 2 * cx) / 4 - uy * 12, y: (y0 + y1 + 2 * cy) / 4 + ux * 12 };
}

function towards(x: number, y: number, cx: number, cy: number, by: number): [string, string] {
  const length = Math.hypot(cx - x, cy - y) || 1;
  return [(x + ((cx - x) / length) * by).toFixed(1), (y + ((cy - y) / length) * by).toFixed(1)];
}
