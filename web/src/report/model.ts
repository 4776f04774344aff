/**
 * The data a report is made of: what the program writes into the page, and nothing else.
 *
 * Conventions that hold for every field:
 * - Units stand in the key (`energy_kwh`, `saving_tco2_per_year`); `cost` keys are in `site.currency`, positive = to be paid.
 * - Power is positive when it draws from the site or from the grid; a charging battery is positive, a discharging one negative.
 * - Instants are RFC 3339 with the offset of the site (`2018-03-06T00:00:00+09:00`). Intervals are half-open, stamped by their start.
 * - Missing is `null`. Infinity and NaN do not exist.
 * - Texts that the program writes are given in both languages; labels of the page itself live in `src/i18n`.
 *
 * `docs/report.md` says the same for the author of the C++ side. A change that an old page could misread needs a new schema name.
 */
export const REPORT_SCHEMA = "loadstar.report/1";

/** Text in both languages of the product. Never HTML: shown as it is. */
export interface Text {
  en: string;
  zh: string;
}

/** RFC 3339 instant with offset. */
export type Instant = string;

/** Local calendar day of the site, `2018-03-06`. */
export type LocalDate = string;

/** Local calendar month of the site, `2018-03`. */
export type LocalMonth = string;

/** Half-open interval `[start, end)`. */
export interface Period {
  start: Instant;
  end: Instant;
}

/** Values on equal steps of real time; slot i covers `[start + i * step, start + (i + 1) * step)`. The unit stands in the key that holds it. */
export interface Series {
  start: Instant;
  step_minutes: number;
  values: (number | null)[];
}

/** A section that was asked for and could not be made; the reason is shown in its place. */
export interface NotAvailable {
  not_available: Text;
}

/** A section is there, is explained, or (key absent) was not asked for and is left out. */
export type Section<T> = T | NotAvailable;

/** The whole report. `sections.tsx` has the order in which they appear on the page. */
export interface Report {
  schema: typeof REPORT_SCHEMA;
  /** When the report was made. */
  generated_at: Instant;
  /** Version of the program that made it, `0.1.0`. */
  version: string;
  /** Language the page opens in; the reader can switch. */
  lang: Language;
  site: Site;
  key_figures?: Section<KeyFigures>;
  load_forecast?: Section<LoadForecast>;
  year_heat_map?: Section<YearHeatMap>;
  load_duration?: Section<LoadDuration>;
  bill?: Section<Bill>;
  plan?: Section<Plan>;
  plan_costs?: Section<PlanCosts>;
  plan_reasons?: Section<PlanReasons>;
  replay?: Section<Replay>;
  what_if?: Section<WhatIf>;
  backtest?: Section<Backtest>;
  alarms?: Section<Alarms>;
  advice?: Section<AdviceList>;
  data_quality?: Section<DataQuality>;
}

export type Language = "en" | "zh";

export interface Site {
  name: Text;
  /** IANA name of the time zone; all local times of the page are shown in it. */
  zone: string;
  /** ISO 4217 code of every `cost`. */
  currency: string;
  /** What the report covers. */
  period: Period;
}

// ---------------------------------------------------------------------------------------------------- key figures

export interface KeyFigures {
  /** One to four sentences for a reader with one minute. */
  summary?: Text[];
  tiles: Tile[];
}

export interface Tile {
  /** Stable name, `energy`, `cost`, `maximum_demand`. */
  id: string;
  label: Text;
  /** null is shown as a dash. */
  value: number | null;
  /** `kWh`, `kW`, `%`, `tCO2`, or the site's currency code (then shown as money). A `%` value is 0..100. */
  unit: string;
  /** Digits after the decimal point; absent = 0, money 0 above 1000 and else 2. */
  decimals?: number;
  comparison?: Comparison;
}

/** How a figure stands against another one, `-4.2 % against 2017`. */
export interface Comparison {
  /** What it is compared with, `against the month before`. */
  label: Text;
  /** Signed difference; absent when the label says it all. */
  change_percent?: number | null;
  /** Whether the difference is good news. */
  tone: "good" | "bad" | "neutral";
}

// ---------------------------------------------------------------------------------------------------- tariff bands

/** Level of a band, which gives it colour, pattern and order; its name is free. Rank the contract's bands by price. */
export type BandLevel = "critical" | "peak" | "flat" | "valley" | "deep_valley";

export interface TariffBands {
  /** Each band once. */
  bands: { id: string; label: Text; level: BandLevel }[];
  /** When they hold, ordered, without overlap; `band` is an id of `bands`. Neighbours of the same band are merged. */
  spans: { band: string; start: Instant; end: Instant; price_per_kwh?: number | null }[];
}

// ---------------------------------------------------------------------------------------------------- load

export interface LoadForecast {
  /** The meter that is forecast. */
  meter: Text;
  /** Forecast origin: nothing later was seen. */
  issued_at: Instant;
  /** Which method made it, and why it fell back when it did. */
  method: Text;
  /** Measured mean power around the origin; may start days before it and may reach past it. */
  measured_kw?: Series;
  /** Quantiles of mean power, same axis for all three. */
  q10_kw: Series;
  q50_kw: Series;
  q90_kw: Series;
  tariff_bands?: TariffBands;
  /** The newest explanation that was kept; may be of an earlier forecast, and says which. */
  drivers?: ForecastDrivers;
}

/** A day's forecast as a sum: base plus all parts. */
export interface ForecastDrivers {
  issued_at: Instant;
  /** The day that is explained. */
  period: Period;
  method: Text;
  /** Mean power as usual for the weekday, and as forecast. */
  base_kw: number;
  forecast_kw: number;
  /** What the parts add up to. */
  departure_kw: number;
  /** Largest first. */
  parts: DriverPart[];
}

export interface DriverPart {
  /** Stable name, `calendar`, `temperature`, or the id of a series. */
  id: string;
  name: Text;
  mean_kw: number;
  /** Of the forecast. */
  share_percent: number | null;
  /** Hours in which it does most. */
  hours: { start: Instant; mean_kw: number }[];
}

export interface YearHeatMap {
  meter: Text;
  step_minutes: number;
  /** One entry per local day, ordered; days may be missing, and may hold 92, 96 or 100 quarter-hours. */
  days: {
    /** Local midnight, with the offset of that moment. */
    start: Instant;
    /** Mean power per slot from local midnight on. */
    mean_kw: (number | null)[];
  }[];
}

export interface LoadDuration {
  meter: Text;
  /** Points of the curve, at most about 500: power `kw[i]` is exceeded or met during `hours[i]` hours. Hours rise, power falls. */
  hours: number[];
  kw: number[];
  /** Horizontal lines, such as the contract demand. */
  references?: Reference[];
}

export interface Reference {
  label: Text;
  kw: number;
}

// ---------------------------------------------------------------------------------------------------- bill

/** What a bill line is for; the monthly table has one column per group that occurs. */
export type BillGroup = "energy" | "delivery" | "demand" | "power_factor" | "tax" | "fixed" | "export" | "other_carrier" | "other";

export interface Bill {
  /** Every charge line that occurs in any month, in the order of the bill. */
  lines: { id: string; label: Text; group: BillGroup }[];
  months: BillMonth[];
  /** Sum of the months. */
  total_cost: number;
}

export interface BillMonth {
  month: LocalMonth;
  /** Active energy drawn from the grid. */
  energy_kwh: number;
  maximum_demand_kw?: number | null;
  /** 0..1 */
  power_factor?: number | null;
  /** Rounded as on the bill; `line` is an id of `lines`; a line that does not occur is absent. */
  lines: { line: string; cost: number }[];
  total_cost: number;
  /** true when the readings do not cover the whole month. */
  incomplete?: boolean;
}

// ---------------------------------------------------------------------------------------------------- plan

export interface Plan {
  period: Period;
  /** `forecast`: made from the forecast; `perfect`: the measured load was the forecast. */
  basis: "forecast" | "perfect";
  /** What the solver can say about the result; `feasible` comes with its gap. */
  outcome: "optimal" | "feasible";
  gap_percent?: number | null;
  /** Cost of the planned period when nothing is done, and with the plan. */
  before_cost: number;
  after_cost: number;
  /** Site load without battery and sources, nothing shifted. */
  load_kw: Series;
  /** Grid import, export negative. */
  import_before_kw: Series;
  import_after_kw: Series;
  /** Generation on site, positive = generated. */
  generation_kw?: Series;
  /** Energy price per kWh of import as the bill counts it. */
  price_per_kwh?: Series;
  tariff_bands?: TariffBands;
  /** Horizontal lines, such as the contract demand or the peak already incurred. */
  references?: Reference[];
  batteries?: PlannedBattery[];
  stores?: PlannedStore[];
  converters?: PlannedConverter[];
  shiftable_loads?: PlannedLoad[];
  /** Soft limits that the plan breaches, with the price paid for it. */
  breaches?: { limit: Text; cost: number }[];
}

export interface PlannedBattery {
  id: string;
  name: Text;
  capacity_kwh: number;
  /** Charging positive. */
  power_kw: Series;
  /** Level at the START of each slot; may carry one value more for the end of the last. */
  level_kwh: Series;
}

/** A tank of heat, cold, air: amounts in the unit of its carrier. */
export interface PlannedStore {
  id: string;
  name: Text;
  /** Of the level; the flow is per hour of it. */
  unit: string;
  capacity: number;
  /** Per hour, filling positive. */
  flow: Series;
  /** Level at the START of each slot; may carry one value more for the end of the last. */
  level: Series;
}

/** What one converter gives of one carrier; a CHP has one for its power and one for its heat. */
export interface PlannedConverter {
  /** `chp.heat` */
  id: string;
  name: Text;
  carrier: Text;
  /** Of both series, such as `kW` or `Nm3/h`. */
  unit: string;
  before: Series;
  after: Series;
}

export interface PlannedLoad {
  id: string;
  name: Text;
  before_kw: Series;
  after_kw: Series;
}

export interface PlanCosts {
  /** One row per charge term. The rows add up to the totals. */
  terms: { id: string; label: Text; before_cost: number; after_cost: number }[];
  before_cost: number;
  after_cost: number;
}

export interface PlanReasons {
  /** In order of time. The savings of the rows add up to `saving_cost` within 0.5 %. */
  reasons: PlanReason[];
  saving_cost: number;
}

export interface PlanReason {
  start: Instant;
  end: Instant;
  /** Who acts, `battery 1`. */
  asset: Text;
  /** What it does, `discharges 120 kWh`. */
  action: Text;
  /** Which price or limit it answers. */
  reason: Text;
  /** May be negative: an action that costs and makes another one possible. */
  saving_cost: number;
}

export interface Replay {
  rows: ReplayRow[];
  total: ReplayTotals;
  /** What the plans of all days promised to save, and what they saved, before power factor and taxes. */
  promised_saving_cost?: number;
  measured_saving_cost?: number;
  /** Add up to the total; left out where there is only one. */
  costs?: ReplayCost[];
  unserved?: UnservedNeed[];
}

/** One bill, or one cost that stands on none, over all months. */
export interface ReplayCost {
  id: string;
  label: Text;
  do_nothing_cost: number;
  plan_cost: number;
  perfect_cost: number;
}

/** A need that was not met, in the unit of its carrier. */
export interface UnservedNeed {
  carrier: Text;
  unit: string;
  do_nothing_amount: number;
  plan_amount: number;
}

export interface ReplayTotals {
  do_nothing_cost: number;
  /** What really was paid with the plans executed. */
  plan_cost: number;
  /** With perfect foresight. */
  perfect_cost: number;
  /** Share of the perfect saving that was kept; null when there was none to be had. */
  kept_percent: number | null;
}

export interface ReplayRow extends ReplayTotals {
  month: LocalMonth;
}

// ---------------------------------------------------------------------------------------------------- what if

/** Past days planned again for the plant as it is and for each scenario, every plan knowing the readings. */
export interface WhatIf {
  period: Period;
  /** Id of the scenario that the others are compared with. */
  base: string;
  /** Every charge term that occurs; a scenario's terms add up to its cost. */
  terms: { id: string; label: Text }[];
  scenarios: WhatIfScenario[];
}

export interface WhatIfScenario {
  id: string;
  name: Text;
  investment_cost: number;
  /** Of the period. */
  cost: number;
  terms: { id: string; cost: number }[];
  imported_kwh: number;
  exported_kwh: number;
  peak_kw: number;
  carbon_tco2: number | null;
  cost_per_year: number;
  /** Against the base; null for the base itself and for doing nothing. */
  saving_cost_per_year: number | null;
  payback_years: number | null;
  /** What was chosen where the scenario left sizes open; their investment is part of `investment_cost`. */
  sizes?: ChosenSize[];
  /** Of the chosen sizes: their investment with its interest, and upkeep. */
  annuity_cost_per_year?: number;
}

/** A size that was chosen together with the plans. */
export interface ChosenSize {
  name: string;
  size: number;
  /** What it was chosen between. */
  least: number;
  most: number;
  /** Keys of the plant file, `battery.main.capacity_kwh`, and what they are set to. */
  values: { key: string; value: number }[];
  investment_cost: number;
  annuity_cost_per_year: number;
}

// ---------------------------------------------------------------------------------------------------- accuracy

export interface Backtest {
  targets: BacktestTarget[];
}

export interface BacktestTarget {
  /** What is forecast, `electricity, day ahead`. */
  name: Text;
  /** Unit of `crps` and `width_80`: `%` of the mean, or that of the target, `kW`. */
  unit: string;
  /** First origin to last slot scored. */
  period: Period;
  /** Number of issue times. */
  origins: number;
  rows: BacktestRow[];
}

export interface BacktestRow {
  method: Text;
  /** Reference methods that cost nothing; marked in the table. */
  naive: boolean;
  /** The method the program uses for this target. */
  chosen: boolean;
  wape_percent: number | null;
  mase: number | null;
  crps: number | null;
  /** Share of measured values inside the 80 % interval. */
  coverage_80_percent: number | null;
  /** Mean width of the 80 % interval. */
  width_80: number | null;
  /** Mean absolute error of the day's maximum, relative to it. */
  peak_error_percent: number | null;
}

// ---------------------------------------------------------------------------------------------------- alarms

export interface Alarms {
  /** What the user allows, per meter and month. */
  false_alarms_allowed_per_month?: number | null;
  /** Alarms found in all; the list may hold only the most costly. */
  found: number;
  alarms: Alarm[];
}

export type AlarmState = "new" | "acknowledged" | "shelved" | "returned";

export interface Alarm {
  id: string;
  meter: Text;
  /** What happened, `base load above the expected`. */
  title: Text;
  /** `end` equal to the end of the data = still active. */
  start: Instant;
  end: Instant;
  state: AlarmState;
  /** Measured minus expected; negative = less than expected. */
  excess_kwh: number | null;
  /** Unit of `excess_kwh` where it is not kWh. */
  excess_unit?: string;
  excess_cost: number | null;
  /** Likely cause, when the diagnosis names one. */
  cause?: Text;
  /** Facts that led to the alarm, one sentence each. */
  evidence: Text[];
  /** Unit of the chart where it is not kW. */
  unit?: string;
  /** Chart around the alarm, same axis for all; the band is what is normal. */
  measured_kw?: Series;
  expected_kw?: Series;
  low_kw?: Series;
  high_kw?: Series;
}

// ---------------------------------------------------------------------------------------------------- advice

export interface AdviceList {
  /** Best first. */
  advice: Advice[];
  /** What all of it saves when it is followed together, nothing counted twice. */
  together?: {
    saving_kwh_per_year: number | null;
    saving_cost_per_year: number | null;
    saving_tco2_per_year: number | null;
    /** Titles of advice that then saves too little. */
    no_longer_worth_it: Text[];
  };
  /** Everything that was looked into, for the reader who asks what was not. */
  examined?: ExaminedTopic[];
}

export interface Advice {
  id: string;
  title: Text;
  /** What to do and why. */
  text: Text;
  saving_kwh_per_year: number | null;
  saving_cost_per_year: number | null;
  saving_tco2_per_year: number | null;
  /** Money to be spent first. */
  investment_cost?: number | null;
  payback_years?: number | null;
  confidence: "high" | "medium" | "low";
  confidence_reason?: Text;
  evidence: Text[];
  how_computed: Text;
  /** Topics whose advice saves partly the same money. */
  overlaps?: string[];
}

/** A topic that was looked into. */
export interface ExaminedTopic {
  topic: string;
  title: Text;
  verdict: "advised" | "fine" | "not_examined";
  /** Why it is fine, or what is missing. */
  remark: Text;
}

// ---------------------------------------------------------------------------------------------------- data quality

export interface DataQuality {
  /** Readings that imports took, repeated ones included. */
  readings_accepted: number;
  /** Rows, or single cells of them, that were taken with a remark, and that were refused. */
  rows_repaired: number;
  rows_rejected: number;
  coverage: SeriesCoverage[];
  /** Why rows were rejected or repaired, most frequent first. */
  reasons: { code: string; label: Text; outcome: "rejected" | "repaired" | "gap"; count: number }[];
  examples: RejectedRow[];
}

export interface SeriesCoverage {
  id: string;
  name: Text;
  /** Valid slots over the whole period. */
  coverage_percent: number;
  /** First local day of `daily_percent`; one value per calendar day follows. */
  first_day: LocalDate;
  /** Valid slots of the day; null = before the first or after the last reading. */
  daily_percent: (number | null)[];
}

export interface RejectedRow {
  /** Name of the file as the plant file gives it. */
  file: string;
  /** Line in the file, the first line is 1. */
  line: number;
  code: string;
  /** Column of the file; empty = the whole row. */
  column: string;
  /** What was found and what was expected. */
  message: Text;
}
