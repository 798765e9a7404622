// How the violence of the record moves, as Python writes it into `payload.spread` (publishing/report/spread.py).

export interface SpreadSection {
  title: string;
  text: string;
  /** Null for what is about all measures. */
  measure: string | null;
}
export interface Change {
  kind: "all" | "country" | "division" | "actor";
  name: string | null;
  country: string | null;
  events: number;
  deaths: number;
  before: number;
  expected: number;
  /** Null where there was none before; an upper end of null has no limit. */
  ratio: number | null;
  wide_low: number | null;
  wide_high: number | null;
  flag: "more" | "fewer" | null;
  status: "new" | "silent" | "ongoing" | null;
}
export interface LatelyData {
  as_of: string;
  since: string;
  before_since: string;
  provisional: boolean;
  rows: Change[];
  of: Record<string, number>;
}
export interface Break {
  period: string;
  before: number;
  after: number;
  support: number;
}
export interface SpreadTempo {
  by: "month" | "week";
  half_life: number;
  near: number;
  start: string;
  /** First days; null where they are months that follow each other. */
  periods: string[] | null;
  events: number[];
  deaths: number[];
  mean: number[];
  breaks: Break[];
}
export interface ActiveCell {
  /** Corners as longitude and latitude; the last is not the first again. */
  ring: [number, number][];
  events: number;
  deaths: number;
  first: string;
  last: string;
  fresh: boolean;
}
export interface Hit {
  name: string | null;
  country: string | null;
  first: string;
  group: string;
  events: number;
  lat: number | null;
  lon: number | null;
}
export interface SpreadMapData {
  km2: number;
  cells: ActiveCell[];
  of: number;
  hits: Hit[];
  hits_of: number;
  at_risk: number;
  risk: string;
  middles: { country: string; lat: number; lon: number; events: number }[];
}
export interface KnoxCell {
  distance: string;
  time: string;
  pairs: number;
  expected: number;
  ratio: number | null;
  p: number;
  year_expected: number;
  year_ratio: number | null;
  year_p: number;
}
export interface NearRepeatData {
  permutations: number;
  events: number;
  mixed: boolean;
  table: KnoxCell[];
}
/** Who set off which share of whose events; a year of null is the whole window. */
export interface SpillRow {
  year: number | null;
  from: string;
  to: string;
  triggered: number;
  events: number;
  share: number;
  low: number;
  high: number;
}
export interface SpillTable {
  names: { name: string; events: number }[];
  of: number;
  window: SpillRow[];
  years: SpillRow[];
  years_of: number;
}
export interface ContagionData {
  events: number;
  told_apart: boolean;
  faults: string[];
  bandwidth: number;
  offspring: { value: number; low: number; high: number; raw: number };
  wide: [number, number];
  radius: { value: number; low: number; high: number };
  placebos: Record<string, number[]>;
  spillover: { group: SpillTable; country: SpillTable };
}
export interface Spread {
  words: string;
  since: string;
  until: string;
  events: number;
  sources: string[];
  seed: number;
  sections: SpreadSection[];
  skipped: Record<string, string>;
  /** Names by ISO 3166-1 alpha-3. */
  countries: Record<string, string>;
  lately: LatelyData | null;
  tempo: SpreadTempo | null;
  map: SpreadMapData | null;
  near_repeat: NearRepeatData | null;
  contagion: ContagionData | null;
}
