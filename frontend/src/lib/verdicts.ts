// The verdicts in their order and families, each with a shape of its own: colour is never alone.

import type { Checks, Finding, VerdictWords } from "./checktypes.ts";

export const UNTESTABLE = "untestable";

export const FAMILIES: readonly { name: string; verdicts: readonly string[] }[] = [
  { name: "What was", verdicts: ["matches", "partly", "above_record", "below_record", "no_record", "contradicts"] },
  { name: "Forecasts", verdicts: ["came_true", "already_so", "ambiguous", "did_not", "pending"] },
  { name: "Source against source", verdicts: ["agrees", "disagrees", "alone"] },
  { name: "Not tested", verdicts: [UNTESTABLE] },
];
export const VERDICTS: readonly string[] = FAMILIES.flatMap((family) => family.verdicts);

/** Whether the finding is about what was foretold. */
export function isForecast(f: Finding): boolean {
  return f.after !== null || FAMILIES[1]!.verdicts.includes(f.verdict);
}

// paths in a box of 16
const TICK = "M3.5 8.5 6.8 12l6-8";
const CROSS = "M4 4l8 8M12 4l-8 8";
const UP = "M8 13V4M4 7.5 8 3.5l4 4";
const DOWN = "M8 3v9M4 8.5l4 4 4-4";
const QUESTION = "M5.5 6a2.6 2.6 0 1 1 3.9 2.2c-1 .6-1.4 1-1.4 2M8 12.6v.4";
const CLOCK = "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M8 5v3.2l2.2 1.6";
const RING = "M8 3a5 5 0 1 0 0 10A5 5 0 1 0 8 3";
const SHAPES: Record<string, string> = {
  matches: TICK,
  partly: `${RING}M8 3v10M10.2 4v8M12 5.4v5.2`,
  above_record: UP,
  below_record: DOWN,
  no_record: `${RING}M5.5 8h5`,
  contradicts: CROSS,
  came_true: TICK,
  already_so: "M4 6.2h8M4 9.8h8",
  ambiguous: QUESTION,
  did_not: CROSS,
  pending: CLOCK,
  agrees: TICK,
  disagrees: CROSS,
  alone: `${RING}M8 7.6v.8`,
  untestable: `${RING}M4.5 11.5l7-7`,
};

export function verdictShape(verdict: string): string {
  return SHAPES[verdict] ?? QUESTION;
}

export function verdictWords(verdict: string, checks: Checks | null): VerdictWords {
  const name = verdict.replaceAll("_", " ");
  return checks?.words.verdicts[verdict] ?? { name, short: name, tone: "neutral", about: "" };
}
