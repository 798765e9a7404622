// Scores and the day of a forecast in words.

import type { ForecastEntry, Score } from "./checktypes.ts";

export function scoreWords(score: Score): string {
  const show = (n: number): string => n.toFixed(2);
  return score.low === score.high ? show(score.value) : `${show(score.value)} (${show(score.low)} to ${show(score.high)})`;
}

const HOW: Record<string, string> = { document: "date of the document", set: "date given by the analyst", "not before": "not before this day" };

export function saidHow({ said_how }: ForecastEntry): string {
  return HOW[said_how] ?? said_how;
}

/** How the scores in use are read. */
export const SCORE_NOTES: Record<string, string> = {
  Brier: "Brier score: the squared distance between the chance given and what came; 0 is perfect, 0.25 is what “fifty-fifty” always earns, 1 is the worst.",
  CRPS: "CRPS: the distance between the number foretold, with its spread, and the number that came, in the unit of the forecast; 0 is perfect.",
};
