// Actors and their ties as a graph, laid out by force. The same ties give the same drawing.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { placeLabels, textWidth, type Box, type Placed } from "./boxes.ts";
import { shorten } from "./gloss.ts";
import type { Entry } from "./model.ts";
import type { Words } from "./types.ts";

export type Sign = "positive" | "negative" | "neutral";

export interface Node {
  key: string;
  name: string;
  kind: string;
  ties: number;
  x: number;
  y: number;
  r: number;
  label: Placed | null;
}
export interface Edge {
  id: string;
  source: Node;
  target: Node;
  type: string;
  sign: Sign;
  /** Symmetric types have no arrow head. */
  directed: boolean;
  hedged: boolean;
  negated: boolean;
  ended: boolean;
  planned: boolean;
  entries: Entry[];
  path: string;
  label: { x: number; y: number; shown: boolean };
}
export interface Graph {
  nodes: Node[];
  edges: Edge[];
  width: number;
  height: number;
}

const SYMMETRIC = new Set(["allied_with", "opposes", "talks_with", "alias_of"]);
export const NODE_LABEL = 13;
export const EDGE_LABEL = 11;

export function buildGraph(entries: readonly Entry[], words: Words, width: number): Graph {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const node = (ref: { key: string; name: string; kind: string }): Node => {
    const found = nodes.get(ref.key) ?? { ...ref, ties: 0, x: 0, y: 0, r: 0, label: null };
    nodes.set(ref.key, found);
    return found;
  };
  for (const e of entries) {
    if (e.kind !== "tie" || !e.subject || !e.object || e.subject.key === e.object.key) continue;
    const symmetric = SYMMETRIC.has(e.s.type);
    const swap = symmetric && e.subject.key > e.object.key;
    const [source, target] = swap ? [node(e.object), node(e.subject)] : [node(e.subject), node(e.object)];
    const negated = e.s.polarity === "negated";
    const ended = e.s.phase === "ended";
    const id = [source.key, e.s.type, target.key, negated, ended].join(" ");
    const edge = edges.get(id) ?? {
      id, source, target, type: e.s.type, sign: signOf(e.s.type, words), directed: !symmetric, hedged: true, negated, ended, planned: true,
      entries: [], path: "", label: { x: 0, y: 0, shown: false },
    };
    edge.entries.push(e);
    // an edge is hedged only while no statement gives it as a fact that has happened
    edge.planned &&= e.s.phase === "planned";
    edge.hedged &&= e.s.status !== "fact" || e.s.phase === "planned" || e.s.phase === "attempted";
    source.ties += 1;
    target.ties += 1;
    edges.set(id, edge);
  }
  // a fixed order, because the start positions of the layout follow it
  const ordered = [...nodes.values()].sort((a, b) => b.ties - a.ties || (a.key < b.key ? -1 : 1));
  return layOut(ordered, [...edges.values()], words, width);
}

export function signOf(type: string, words: Words): Sign {
  if (words.sign["positive"]?.includes(type)) return "positive";
  return words.sign["negative"]?.includes(type) ? "negative" : "neutral";
}

function layOut(nodes: Node[], edges: Edge[], words: Words, width: number): Graph {
  const narrow = width < 560;
  const height = Math.round(Math.min(Math.max(nodes.length * (narrow ? 58 : 54), 300), narrow ? 900 : 720));
  for (const n of nodes) n.r = 6 + Math.min(Math.sqrt(n.ties) * 2.4, 10);
  simulate(nodes, edges, width / height);
  fit(nodes, { x: narrow ? 48 : 90, y: 34, w: width - (narrow ? 96 : 180), h: height - 72 });
  curve(edges);
  const frame = { x: 2, y: 2, w: width - 4, h: height - 4 };
  const longest = narrow ? 20 : 32;
  const labels = placeLabels(
    nodes.map((n) => ({ x: n.x, y: n.y, r: n.r, width: textWidth(shorten(n.name, longest), NODE_LABEL), height: NODE_LABEL + 3 })),
    frame,
    [],
    edges.flatMap((e) => along(e)),
  );
  const taken: Box[] = nodes.flatMap((n, i) => {
    const place = (n.label = labels[i] ?? null);
    const w = textWidth(shorten(n.name, longest), NODE_LABEL);
    const dot = { x: n.x - n.r, y: n.y - n.r, w: 2 * n.r, h: 2 * n.r };
    if (!place) return [dot];
    const left = place.align === "start" ? 0 : place.align === "end" ? w : w / 2;
    return [dot, { x: place.x - left, y: place.y - 9, w, h: 18 }];
  });
  labelEdges(edges, taken, words, frame);
  return { nodes, edges, width, height };
}

interface Body extends SimulationNodeDatum {
  node: Node;
}

function simulate(nodes: Node[], edges: Edge[], aspect: number): void {
  const bodies: Body[] = nodes.map((node) => ({ node }));
  const index = new Map(nodes.map((n, i) => [n.key, i]));
  const links = edges.map((e) => ({ source: index.get(e.source.key)!, target: index.get(e.target.key)! }));
  // d3-force draws its jitter from its own seeded generator: no randomness to seed here
  const simulation = forceSimulation(bodies)
    .force("charge", forceManyBody<Body>().strength(-520))
    .force("link", forceLink<Body, { source: number; target: number }>(links).distance(95).strength(0.5))
    .force("collide", forceCollide<Body>((b) => b.node.r + 30).iterations(2))
    .force("x", forceX<Body>().strength(0.07 / Math.max(aspect, 0.6)))
    .force("y", forceY<Body>().strength(0.07 * Math.max(aspect, 0.6)))
    .stop();
  simulation.tick(400);
  for (const body of bodies) {
    body.node.x = body.x ?? 0;
    body.node.y = body.y ?? 0;
  }
}

function fit(nodes: Node[], box: Box): void {
  const xs = nodes.map((n) => n.x);
  const ys = nodes.map((n) => n.y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  // stretching the two axes apart is fine: distances in a force layout carry no measure
  const sx = Math.min(box.w / (x1 - x0 || 1), 2.6);
  const sy = Math.min(box.h / (y1 - y0 || 1), 2.6);
  for (const n of nodes) {
    n.x = box.x + box.w / 2 + (n.x - (x0 + x1) / 2) * sx;
    n.y = box.y + box.h / 2 + (n.y - (y0 + y1) / 2) * sy;
  }
}

/** Parallel edges bend away from each other; a single edge bends a little, so that arrows both ways never coincide. */
function curve(edges: Edge[]): void {
  const pairs = new Map<string, Edge[]>();
  for (const e of edges) {
    const pair = [e.source.key, e.target.key].sort().join(" | ");
    pairs.set(pair, [...(pairs.get(pair) ?? []), e]);
  }
  for (const group of pairs.values()) {
    group.forEach((e, i) => {
      const { source: a, target: b } = e;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const length = Math.hypot(dx, dy) || 1;
      // the bend is counted from one fixed end of the pair, else edges of opposite direction would fall together
      const flip = a.key < b.key ? 1 : -1;
      const bend = group.length === 1 ? 12 : (i - (group.length - 1) / 2) * 44;
      const [nx, ny] = [(-dy / length) * flip, (dx / length) * flip];
      const [cx, cy] = [(a.x + b.x) / 2 + nx * bend, (a.y + b.y) / 2 + ny * bend];
      const from = towards(a, cx, cy, a.r + 2);
      const to = towards(b, cx, cy, b.r + (e.directed ? 7 : 2));
      const f = (n: number): string => n.toFixed(1);
      e.path = `M${f(from.x)},${f(from.y)}Q${f(cx)},${f(cy)} ${f(to.x)},${f(to.y)}`;
      e.label = { x: (from.x + 2 * cx + to.x) / 4, y: (from.y + 2 * cy + to.y) / 4, shown: false };
    });
  }
}

/** Points on the curve, for labels to keep off. */
function along(e: Edge): { x: number; y: number }[] {
  const [x0, y0, cx, cy, x1, y1] = e.path.match(/-?[\d.]+/g)!.map(Number) as [number, number, number, number, number, number];
  return Array.from({ length: 25 }, (_, i) => {
    const t = i / 24;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    return { x: a * x0 + b * cx + c * x1, y: a * y0 + b * cy + c * y1 };
  });
}

/** The words on an edge: its type, and what keeps it from being a plain fact. */
export function edgeWords(e: Edge, words: Words): string {
  const note = e.negated ? "denied" : e.ended ? "ended" : e.planned ? "planned" : e.hedged ? "hedged" : null;
  return (words.types[e.type] ?? e.type) + (note ? ` · ${note}` : "");
}

function towards(from: { x: number; y: number }, x: number, y: number, distance: number): { x: number; y: number } {
  const length = Math.hypot(x - from.x, y - from.y) || 1;
  return { x: from.x + ((x - from.x) / length) * distance, y: from.y + ((y - from.y) / length) * distance };
}

function labelEdges(edges: Edge[], taken: Box[], words: Words, frame: Box): void {
  const blocked = [...taken];
  for (const e of [...edges].sort((a, b) => b.entries.length - a.entries.length)) {
    const w = textWidth(edgeWords(e, words), EDGE_LABEL);
    const box = { x: e.label.x - w / 2, y: e.label.y - 7, w, h: 14 };
    const inside = box.x >= frame.x && box.x + w <= frame.x + frame.w;
    e.label.shown = inside && !blocked.some((b) => box.x < b.x + b.w && b.x < box.x + w && box.y < b.y + b.h && b.y < box.y + 14);
    if (e.label.shown) blocked.push(box);
  }
}
