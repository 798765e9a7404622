// Cuts a block of text at every boundary of the statements' ranges, so that overlapping and nested evidence can be drawn.

import type { Range, RoleName } from "./model.ts";

export interface Segment {
  start: number;
  end: number;
  /** Statements whose evidence covers the segment, the most specific (shortest evidence) first. */
  entries: number[];
  /** Other roles that the words play: [statement, role]. */
  roles: [number, RoleName][];
  /** Statements whose evidence ends here: their markers follow the segment. */
  ends: number[];
}

export function segmentBlock(start: number, end: number, ranges: readonly Range[]): Segment[] {
  const inside = ranges.filter((r) => r.start < end && r.end > start);
  const cuts = new Set([start, end]);
  for (const r of inside) {
    if (r.start > start) cuts.add(r.start);
    if (r.end < end) cuts.add(r.end);
  }
  const points = [...cuts].sort((a, b) => a - b);
  const segments: Segment[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const from = points[i]!;
    const to = points[i + 1]!;
    const over = inside.filter((r) => r.start <= from && r.end >= to);
    const evidence = over.filter((r) => r.role === "evidence").sort((a, b) => a.end - a.start - (b.end - b.start));
    segments.push({
      start: from,
      end: to,
      entries: [...new Set(evidence.map((r) => r.entry))],
      roles: over.filter((r) => r.role !== "evidence").map((r): [number, RoleName] => [r.entry, r.role]),
      ends: inside.filter((r) => r.role === "evidence" && r.end === to).map((r) => r.entry),
    });
  }
  return segments;
}

/** The statement to show for a segment: one whose role these words play, else the one with the shortest evidence. */
export function preferred(segment: Segment, allowed: ReadonlySet<number>): number | null {
  const role = segment.roles.find(([entry, name]) => allowed.has(entry) && name !== "antecedent" && name !== "also");
  if (role && segment.entries.includes(role[0])) return role[0];
  return segment.entries.find((entry) => allowed.has(entry)) ?? null;
}
