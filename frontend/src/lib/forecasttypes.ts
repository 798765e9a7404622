// What may come, as Python writes it into `payload.forecasts` (publishing/report/forecasts.py).

export interface ForecastUnit {
  unit: string;
  name: string;
  /** The month of its last event. */
  last: string | null;
  /** A count a month from `since` to the origin; null where the unit was not there yet. */
  history: (number | null)[];
  /** A row a month: the 5, 10, 25, 50, 75, 90 and 95 % quantiles. */
  quantiles: number[][];
  /** Of all months together. */
  expected: number;
  /** Of one month, taken at random. */
  median: number;
  low90: number;
  high90: number;
  p1: number;
  p25: number;
}
export interface WrongCell {
  name: string;
  month: string;
  origin: string;
  median: number;
  low90: number;
  high90: number;
  happened: number;
}
export interface BacktestData {
  run: string;
  reference: string;
  said: string[];
  /** Names of scores by their key in a window. */
  scores: Record<string, string>;
  /** Ratios of mean scores to the reference, null where that was 0. */
  windows: ({ first: string; last: string } & Record<string, number | string | null>)[];
  worst: WrongCell[];
}
/** Chances that a group strikes where it had been quiet. */
export interface OnsetData {
  reason: null;
  quiet: number;
  window: string;
  of: number;
  expected: number;
  rows: { group: string; name: string; probability: number; base_rate: number; raises: string[] }[];
  said: string;
}
export interface ForecastData {
  reason: null;
  about: string;
  /** Who is named and not forecast; empty for nobody. */
  absent: string;
  target: string;
  kind: string;
  origin: string;
  months: string[];
  since: string;
  draws: number;
  seed: number;
  units: ForecastUnit[];
  /** What to know of names without an event for long, where there are some. */
  renamed: string | null;
  /** How many there are to show. */
  of: number;
  /** How many were forecast, in words. */
  every: string;
  notes: string[];
  attribution: string[];
  record: BacktestData;
  onsets: OnsetData | { reason: string };
}
/** Or why there are none. */
export type Forecasts = ForecastData | { reason: string };
