import {
  flag,
  instant,
  list,
  local_date,
  local_month,
  number_or_null,
  number_value,
  object,
  one_of,
  optional,
  positive_number,
  text_value,
  type Check,
  type Problem,
} from "./checks.ts";
import { REPORT_SCHEMA, type NotAvailable, type Report, type Section } from "./model.ts";
import type * as model from "./model.ts";

/** Either a report that is safe to show, or why not. Shapes are checked, figures are not. */
export type Validation =
  | { outcome: "report"; report: Report }
  | { outcome: "no_data" }
  | { outcome: "not_json"; message: string }
  | { outcome: "unknown_schema"; found: string }
  | { outcome: "wrong_shape"; problems: Problem[] };

const text = object<model.Text>({ en: text_value, zh: text_value });
const texts = list(text);
const period = object<model.Period>({ start: instant, end: instant });
const series = object<model.Series>({ start: instant, step_minutes: positive_number, values: list(number_or_null) });
const reference = object<model.Reference>({ label: text, kw: number_value });

const tariff_bands = object<model.TariffBands>({
  bands: list(
    object<model.TariffBands["bands"][number]>({ id: text_value, label: text, level: one_of("critical", "peak", "flat", "valley", "deep_valley") }),
  ),
  spans: list(
    object<model.TariffBands["spans"][number]>({ band: text_value, start: instant, end: instant, price_per_kwh: optional(number_or_null) }),
  ),
});

const key_figures = object<model.KeyFigures>({
  summary: optional(texts),
  tiles: list(
    object<model.Tile>({
      id: text_value,
      label: text,
      value: number_or_null,
      unit: text_value,
      decimals: optional(number_value),
      comparison: optional(
        object<model.Comparison>({ label: text, change_percent: optional(number_or_null), tone: one_of("good", "bad", "neutral") }),
      ),
    }),
  ),
});

const forecast_drivers = object<model.ForecastDrivers>({
  issued_at: instant,
  period,
  method: text,
  base_kw: number_value,
  forecast_kw: number_value,
  departure_kw: number_value,
  parts: list(
    object<model.DriverPart>({
      id: text_value,
      name: text,
      mean_kw: number_value,
      share_percent: number_or_null,
      hours: list(object<model.DriverPart["hours"][number]>({ start: instant, mean_kw: number_value })),
    }),
  ),
});

const load_forecast = object<model.LoadForecast>({
  meter: text,
  issued_at: instant,
  method: text,
  measured_kw: optional(series),
  q10_kw: series,
  q50_kw: series,
  q90_kw: series,
  tariff_bands: optional(tariff_bands),
  drivers: optional(forecast_drivers),
});

const year_heat_map = object<model.YearHeatMap>({
  meter: text,
  step_minutes: positive_number,
  days: list(object<model.YearHeatMap["days"][number]>({ start: instant, mean_kw: list(number_or_null) })),
});

const load_duration = object<model.LoadDuration>({
  meter: text,
  hours: list(number_value),
  kw: list(number_value),
  references: optional(list(reference)),
});

const bill = object<model.Bill>({
  lines: list(
    object<model.Bill["lines"][number]>({
      id: text_value,
      label: text,
      group: one_of("energy", "delivery", "demand", "power_factor", "tax", "fixed", "export", "other_carrier", "other"),
    }),
  ),
  months: list(
    object<model.BillMonth>({
      month: local_month,
      energy_kwh: number_value,
      maximum_demand_kw: optional(number_or_null),
      power_factor: optional(number_or_null),
      lines: list(object<model.BillMonth["lines"][number]>({ line: text_value, cost: number_value })),
      total_cost: number_value,
      incomplete: optional(flag),
    }),
  ),
  total_cost: number_value,
});

const plan = object<model.Plan>({
  period,
  basis: one_of("forecast", "perfect"),
  outcome: one_of("optimal", "feasible"),
  gap_percent: optional(number_or_null),
  before_cost: number_value,
  after_cost: number_value,
  load_kw: series,
  import_before_kw: series,
  import_after_kw: series,
  generation_kw: optional(series),
  price_per_kwh: optional(series),
  tariff_bands: optional(tariff_bands),
  references: optional(list(reference)),
  batteries: optional(
    list(object<model.PlannedBattery>({ id: text_value, name: text, capacity_kwh: number_value, power_kw: series, level_kwh: series })),
  ),
  stores: optional(
    list(object<model.PlannedStore>({ id: text_value, name: text, unit: text_value, capacity: number_value, flow: series, level: series })),
  ),
  converters: optional(
    list(object<model.PlannedConverter>({ id: text_value, name: text, carrier: text, unit: text_value, before: series, after: series })),
  ),
  shiftable_loads: optional(list(object<model.PlannedLoad>({ id: text_value, name: text, before_kw: series, after_kw: series }))),
  breaches: optional(list(object<NonNullable<model.Plan["breaches"]>[number]>({ limit: text, cost: number_value }))),
});

const plan_costs = object<model.PlanCosts>({
  terms: list(
    object<model.PlanCosts["terms"][number]>({ id: text_value, label: text, before_cost: number_value, after_cost: number_value }),
  ),
  before_cost: number_value,
  after_cost: number_value,
});

const plan_reasons = object<model.PlanReasons>({
  reasons: list(
    object<model.PlanReason>({ start: instant, end: instant, asset: text, action: text, reason: text, saving_cost: number_value }),
  ),
  saving_cost: number_value,
});

const replay_totals = {
  do_nothing_cost: number_value,
  plan_cost: number_value,
  perfect_cost: number_value,
  kept_percent: number_or_null,
};

const replay = object<model.Replay>({
  rows: list(object<model.ReplayRow>({ month: local_month, ...replay_totals })),
  total: object<model.ReplayTotals>(replay_totals),
  promised_saving_cost: optional(number_value),
  measured_saving_cost: optional(number_value),
  costs: optional(
    list(object<model.ReplayCost>({ id: text_value, label: text, do_nothing_cost: number_value, plan_cost: number_value, perfect_cost: number_value })),
  ),
  unserved: optional(
    list(object<model.UnservedNeed>({ carrier: text, unit: text_value, do_nothing_amount: number_value, plan_amount: number_value })),
  ),
});

const what_if = object<model.WhatIf>({
  period,
  base: text_value,
  terms: list(object<model.WhatIf["terms"][number]>({ id: text_value, label: text })),
  scenarios: list(
    object<model.WhatIfScenario>({
      id: text_value,
      name: text,
      investment_cost: number_value,
      cost: number_value,
      terms: list(object<model.WhatIfScenario["terms"][number]>({ id: text_value, cost: number_value })),
      imported_kwh: number_value,
      exported_kwh: number_value,
      peak_kw: number_value,
      carbon_tco2: number_or_null,
      cost_per_year: number_value,
      saving_cost_per_year: number_or_null,
      payback_years: number_or_null,
      sizes: optional(
        list(
          object<model.ChosenSize>({
            name: text_value,
            size: number_value,
            least: number_value,
            most: number_value,
            values: list(object<model.ChosenSize["values"][number]>({ key: text_value, value: number_value })),
            investment_cost: number_value,
            annuity_cost_per_year: number_value,
          }),
        ),
      ),
      annuity_cost_per_year: optional(number_value),
    }),
  ),
});

const backtest = object<model.Backtest>({
  targets: list(
    object<model.BacktestTarget>({
      name: text,
      unit: text_value,
      period,
      origins: number_value,
      rows: list(
        object<model.BacktestRow>({
          method: text,
          naive: flag,
          chosen: flag,
          wape_percent: number_or_null,
          mase: number_or_null,
          crps: number_or_null,
          coverage_80_percent: number_or_null,
          width_80: number_or_null,
          peak_error_percent: number_or_null,
        }),
      ),
    }),
  ),
});

const alarms = object<model.Alarms>({
  false_alarms_allowed_per_month: optional(number_or_null),
  found: number_value,
  alarms: list(
    object<model.Alarm>({
      id: text_value,
      meter: text,
      title: text,
      start: instant,
      end: instant,
      state: one_of("new", "acknowledged", "shelved", "returned"),
      excess_kwh: number_or_null,
      excess_cost: number_or_null,
      excess_unit: optional(text_value),
      unit: optional(text_value),
      cause: optional(text),
      evidence: texts,
      measured_kw: optional(series),
      expected_kw: optional(series),
      low_kw: optional(series),
      high_kw: optional(series),
    }),
  ),
});

const advice = object<model.AdviceList>({
  advice: list(
    object<model.Advice>({
      id: text_value,
      title: text,
      text,
      saving_kwh_per_year: number_or_null,
      saving_cost_per_year: number_or_null,
      saving_tco2_per_year: number_or_null,
      investment_cost: optional(number_or_null),
      payback_years: optional(number_or_null),
      confidence: one_of("high", "medium", "low"),
      evidence: texts,
      confidence_reason: optional(text),
      how_computed: text,
      overlaps: optional(list(text_value)),
    }),
  ),
  together: optional(
    object<NonNullable<model.AdviceList["together"]>>({
      saving_kwh_per_year: number_or_null,
      saving_cost_per_year: number_or_null,
      saving_tco2_per_year: number_or_null,
      no_longer_worth_it: texts,
    }),
  ),
  examined: optional(list(object<model.ExaminedTopic>({ topic: text_value, title: text, verdict: one_of("advised", "fine", "not_examined"), remark: text }))),
});

const data_quality = object<model.DataQuality>({
  readings_accepted: number_value,
  rows_repaired: number_value,
  rows_rejected: number_value,
  coverage: list(
    object<model.SeriesCoverage>({
      id: text_value,
      name: text,
      coverage_percent: number_value,
      first_day: local_date,
      daily_percent: list(number_or_null),
    }),
  ),
  reasons: list(
    object<model.DataQuality["reasons"][number]>({
      code: text_value,
      label: text,
      outcome: one_of("rejected", "repaired", "gap"),
      count: number_value,
    }),
  ),
  examples: list(object<model.RejectedRow>({ file: text_value, line: number_value, column: text_value, code: text_value, message: text })),
});

/** A section is either the reason why it is missing, or its data; absent is fine. */
function section<T>(data: Check<T>): Check<Section<T>> {
  const reason = object<NotAvailable>({ not_available: text });
  return optional((value, path, problems) => {
    const is_reason = typeof value === "object" && value !== null && "not_available" in value;
    (is_reason ? reason : data)(value, path, problems);
  });
}

const report = object<Report>({
  schema: one_of(REPORT_SCHEMA),
  generated_at: instant,
  version: text_value,
  lang: one_of("en", "zh"),
  site: object<model.Site>({ name: text, zone: text_value, currency: text_value, period }),
  key_figures: section(key_figures),
  load_forecast: section(load_forecast),
  year_heat_map: section(year_heat_map),
  load_duration: section(load_duration),
  bill: section(bill),
  plan: section(plan),
  plan_costs: section(plan_costs),
  plan_reasons: section(plan_reasons),
  replay: section(replay),
  what_if: section(what_if),
  backtest: section(backtest),
  alarms: section(alarms),
  advice: section(advice),
  data_quality: section(data_quality),
});

function has_zone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false; // RangeError is how Intl says that a zone does not exist
  }
}

function has_currency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}

function meaning_problems(checked: Report): Problem[] {
  const problems: Problem[] = [];
  const { zone, currency } = checked.site;
  if (!has_zone(zone)) problems.push({ path: "site.zone", found: JSON.stringify(zone), expected: "an IANA time zone such as Asia/Shanghai" });
  if (!has_currency(currency)) {
    problems.push({ path: "site.currency", found: JSON.stringify(currency), expected: "an ISO 4217 code such as CNY" });
  }
  return problems;
}

/** Checks parsed data against `loadstar.report/1`. */
export function validate(data: unknown): Validation {
  const schema = (data as { schema?: unknown } | null)?.schema;
  if (schema !== REPORT_SCHEMA) return { outcome: "unknown_schema", found: JSON.stringify(schema) ?? "nothing" };
  const problems: Problem[] = [];
  report(data, "", problems);
  if (problems.length === 0) problems.push(...meaning_problems(data as Report));
  return problems.length > 0 ? { outcome: "wrong_shape", problems } : { outcome: "report", report: data as Report };
}

/** Reads the text of the data element; a template that was never filled holds a placeholder instead of JSON. */
export function read_report(text: string): Validation {
  if (!text.trimStart().startsWith("{")) return { outcome: "no_data" };
  try {
    return validate(JSON.parse(text));
  } catch (error) {
    return { outcome: "not_json", message: error instanceof Error ? error.message : String(error) };
  }
}
