// Places labels beside points so that they cover neither each other nor the points. Greedy, most important first; among the
// positions with room the one that covers fewest of the points to `avoid` (places on lines) is taken.

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
export interface Anchor {
  x: number;
  y: number;
  /** Radius of the drawn point. */
  r: number;
  width: number;
  height: number;
}
export interface Placed {
  x: number;
  y: number;
  align: "start" | "middle" | "end";
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** One label position (its box's middle line) an anchor, or null where there is no room at all. */
export function placeLabels(
  anchors: readonly Anchor[],
  frame: Box,
  taken: readonly Box[] = [],
  avoid: readonly { x: number; y: number }[] = [],
): (Placed | null)[] {
  const blocked: Box[] = [...taken, ...anchors.map((a) => ({ x: a.x - a.r, y: a.y - a.r, w: 2 * a.r, h: 2 * a.r }))];
  return anchors.map((a) => {
    const gap = a.r + 4;
    const down = a.r + a.height / 2 + 2;
    const tries: Placed[] = [
      { x: a.x + gap, y: a.y, align: "start" },
      { x: a.x, y: a.y + down, align: "middle" },
      { x: a.x - gap, y: a.y, align: "end" },
      { x: a.x, y: a.y - down, align: "middle" },
      { x: a.x + gap * 0.7, y: a.y - down * 0.8, align: "start" },
      { x: a.x + gap * 0.7, y: a.y + down * 0.8, align: "start" },
      { x: a.x - gap * 0.7, y: a.y - down * 0.8, align: "end" },
      { x: a.x - gap * 0.7, y: a.y + down * 0.8, align: "end" },
    ];
    let best: { place: Placed; box: Box; covered: number } | null = null;
    for (const place of tries) {
      const left = place.align === "start" ? 0 : place.align === "end" ? a.width : a.width / 2;
      const box = { x: place.x - left, y: place.y - a.height / 2, w: a.width, h: a.height };
      const fits = box.x >= frame.x && box.y >= frame.y && box.x + box.w <= frame.x + frame.w && box.y + box.h <= frame.y + frame.h;
      if (!fits || blocked.some((other) => overlap(box, other))) continue;
      const covered = avoid.filter((p) => p.x > box.x && p.x < box.x + box.w && p.y > box.y && p.y < box.y + box.h).length;
      if (!best || covered < best.covered) best = { place, box, covered };
    }
    if (best) blocked.push(best.box);
    return best?.place ?? null;
  });
}

/** Estimated width of a label in px; text is never measured, so that the drawing is the same everywhere. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.56 + 2;
}
