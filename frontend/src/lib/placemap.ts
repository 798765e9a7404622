// Places as points on a plain projected grid. There is no basemap: graticule, scale bar and names give the bearings.

import { geoArea, geoAzimuthalEqualArea, geoDistance, geoGraticule, geoNaturalEarth1, geoPath, type GeoPermissibleObjects } from "d3-geo";
import { placeLabels, textWidth, type Placed } from "./boxes.ts";
import type { Entry } from "./model.ts";
import type { Place } from "./types.ts";

export interface MapPoint {
  key: string;
  name: string;
  level: string;
  x: number;
  y: number;
  r: number;
  entries: Entry[];
  label: Placed | null;
}
export interface Unplaced {
  key: string;
  name: string;
  level: string;
  entries: Entry[];
}
/** A country whose middle is too far from the towns to be drawn with them. */
export interface Beyond extends Unplaced {
  direction: string;
}
export interface PlaceMap {
  points: MapPoint[];
  beyond: Beyond[];
  unplaced: Unplaced[];
  grid: string;
  degrees: { x: number; y: number; text: string; align: "start" | "middle" }[];
  scale: { km: number; width: number };
  width: number;
  height: number;
}

const EARTH_KM = 6371.0088;
export const POINT_LABEL = 13;

export function buildMap(entries: readonly Entry[], width: number): PlaceMap {
  const { located: all, unplaced } = gather(entries);
  const { near: located, beyond } = nearTowns(all);
  const height = Math.round(Math.min(Math.max(width * 0.56, 340), 600));
  const empty = { points: [], beyond, unplaced, grid: "", degrees: [], scale: { km: 0, width: 0 }, width, height };
  if (!located.length) return empty;
  const extent = frameOf(located.map((l) => [l.lon, l.lat]));
  const world = geoArea(extent.box) > 3 || extent.span > 100;
  const projection = (world ? geoNaturalEarth1() : geoAzimuthalEqualArea()).rotate([-extent.lon, world ? 0 : -extent.lat]);
  const margin = width < 560 ? 44 : 84;
  projection.fitExtent([[margin, 44], [width - margin, height - 52]], extent.points);
  projection.clipExtent([[0, 0], [width, height]]);
  const most = Math.max(...located.map((l) => l.entries.length));
  const points = located
    .map((l): MapPoint => {
      const [x, y] = projection([l.lon, l.lat]) ?? [0, 0];
      return { key: l.key, name: l.name, level: l.level, x, y, r: 4 + 10 * Math.sqrt(l.entries.length / Math.max(most, 4)), entries: l.entries, label: null };
    })
    .sort((a, b) => b.entries.length - a.entries.length || (a.key < b.key ? -1 : 1));
  const labels = placeLabels(
    points.map((p) => ({ x: p.x, y: p.y, r: p.r, width: labelWidth(p), height: POINT_LABEL + 3 })),
    { x: 4, y: 4, w: width - 8, h: height - 34 },
  );
  points.forEach((p, i) => (p.label = labels[i] ?? null));
  const step = [1, 2, 5, 10, 15, 30].find((s) => extent.span / s <= 8) ?? 30;
  const path = geoPath(projection);
  return {
    points, beyond, unplaced, width, height,
    grid: path(geoGraticule().step([step, step]).extent([[-180, -85], [180, 85.01]])()) ?? "",
    degrees: degreeLabels(projection, width, height, step),
    scale: scaleBar(projection, width, height),
  };
}

interface Located extends Unplaced {
  lat: number;
  lon: number;
}

function gather(entries: readonly Entry[]): { located: Located[]; unplaced: Unplaced[] } {
  const found = new Map<string, Unplaced & { at: Place }>();
  for (const e of entries) {
    for (const p of e.s.place) {
      const key = p.place ?? p.surface;
      const place = found.get(key) ?? { key, name: p.surface, level: p.level ?? "unknown", entries: [], at: p };
      if (place.entries.at(-1) !== e) place.entries.push(e);
      found.set(key, place);
    }
  }
  const located: Located[] = [];
  const unplaced: Unplaced[] = [];
  for (const { at, ...place } of found.values()) {
    // the middle of a region, or of the world, is no place that the source speaks of
    const drawable = at.lat !== null && at.lon !== null && at.level !== "region" && at.level !== "global";
    if (drawable) located.push({ ...place, lat: at.lat!, lon: at.lon! });
    else unplaced.push(place);
  }
  return { located, unplaced };
}

/** Towns and provinces set the frame; countries are drawn if their middle is not far from it, else listed with a bearing. */
function nearTowns(all: Located[]): { near: Located[]; beyond: Beyond[] } {
  const towns = all.filter((l) => l.level !== "country");
  if (!towns.length) return { near: all, beyond: [] };
  const frame = frameOf(towns.map((l) => [l.lon, l.lat]));
  const reach = frame.span * 0.75 + 7;
  const away = (l: Located): [number, number] => [((l.lon - frame.lon + 540) % 360) - 180, l.lat - frame.lat];
  const isNear = (l: Located): boolean => l.level !== "country" || away(l).every((d) => Math.abs(d) <= reach);
  const beyond = all.filter((l) => !isNear(l)).map((l) => ({ key: l.key, name: l.name, level: l.level, entries: l.entries, direction: compass(...away(l)) }));
  return { near: all.filter(isNear), beyond };
}

function compass(dx: number, dy: number): string {
  const names = ["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"];
  return names[(Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) + 8) % 8] ?? "";
}

/**
 * Middle and span of the points in degrees, with room around; longitudes are taken the short way round the globe.
 * `least`: half of the smallest width and height, so that a single town is not drawn as a continent.
 */
export function frameOf(points: [number, number][], least: readonly [number, number] = [4, 3]): { lon: number; lat: number; span: number; box: GeoPermissibleObjects; points: GeoPermissibleObjects } {
  const rad = Math.PI / 180;
  const lon = Math.atan2(sum(points.map((p) => Math.sin(p[0] * rad))), sum(points.map((p) => Math.cos(p[0] * rad)))) / rad;
  const away = points.map((p) => ((p[0] - lon + 540) % 360) - 180);
  const lats = points.map((p) => p[1]);
  const middle = (Math.min(...away) + Math.max(...away)) / 2;
  const lat = (Math.min(...lats) + Math.max(...lats)) / 2;
  const half = Math.max((Math.max(...lats) - Math.min(...lats)) / 2, least[1]);
  const wide = Math.max((Math.max(...away) - Math.min(...away)) / 2, least[0]);
  const corners: [number, number][] = [[-wide, -half], [wide, -half], [-wide, half], [wide, half]];
  const box: GeoPermissibleObjects = { type: "MultiPoint", coordinates: corners.map(([x, y]) => [lon + middle + x, Math.max(-85, Math.min(85, lat + y))]) };
  return { lon: lon + middle, lat, span: Math.max(half, wide) * 2, box, points: box };
}

export function degreeLabels(projection: ReturnType<typeof geoAzimuthalEqualArea>, width: number, height: number, step: number): PlaceMap["degrees"] {
  const labels: PlaceMap["degrees"] = [];
  const invert = projection.invert;
  if (!invert) return labels;
  const near = (value: number): number => Math.round(value / step) * step;
  const seen = new Set<string>();
  let last = -42;
  for (let x = 30; x < width - 30; x += 4) {
    const lon = invert([x, 0])?.[0];
    const line = lon === undefined ? 0 : near(lon);
    const text = `${Math.abs(line)}°${line === 0 ? "" : line < 0 ? "W" : "E"}`;
    if (lon !== undefined && Math.abs(lon - line) < step * 0.05 && !seen.has(text) && x - last > 42) {
      last = x;
      seen.add(text);
      labels.push({ x, y: 14, text, align: "middle" });
    }
  }
  for (let y = 30; y < height - 30; y += 4) {
    const lat = invert([0, y])?.[1];
    const line = lat === undefined ? 0 : near(lat);
    const text = `${Math.abs(line)}°${line === 0 ? "" : line < 0 ? "S" : "N"}`;
    if (lat !== undefined && Math.abs(lat - line) < step * 0.05 && !seen.has(text)) {
      seen.add(text);
      labels.push({ x: 6, y: y + 4, text, align: "start" });
    }
  }
  return labels;
}

/** A round number of kilometres that is about a sixth of the drawing, measured in its middle. */
export function scaleBar(projection: ReturnType<typeof geoAzimuthalEqualArea>, width: number, height: number): { km: number; width: number } {
  const a = projection.invert?.([width / 2 - 50, height / 2]);
  const b = projection.invert?.([width / 2 + 50, height / 2]);
  if (!a || !b) return { km: 0, width: 0 };
  const kmPerPixel = (geoDistance(a, b) * EARTH_KM) / 100;
  const target = (kmPerPixel * width) / 6;
  const power = 10 ** Math.floor(Math.log10(target));
  const km = [5, 2, 1].map((m) => m * power).find((n) => n <= target) ?? power;
  return { km, width: km / kmPerPixel };
}

export function labelWidth(p: { name: string; level: string }): number {
  const spaced = p.level === "country" ? 1.28 : 1;
  return textWidth(p.name, POINT_LABEL) * spaced;
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
