import { alarms, advice, load_forecast, planned_day } from "./future.mjs";
import { backtest, bill, data_quality, key_figures, load_duration, replay, what_if, year_heat_map } from "./history.mjs";
import { YEAR, year_load } from "./plant.mjs";

/**
 * A complete report of a made-up plant, the same at every call.
 * @returns {import("../src/report/model.ts").Report}
 */
export function make_sample() {
  const load = year_load();
  const yearly_bill = bill(load);
  const planned = planned_day();
  return {
    schema: "loadstar.report/1",
    generated_at: `${YEAR + 1}-01-02T08:30:00+08:00`,
    version: "0.1.0",
    lang: "en",
    site: {
      name: { en: "Sample electronics plant", zh: "示例电子厂" },
      zone: "Asia/Shanghai",
      currency: "CNY",
      period: { start: `${YEAR}-01-01T00:00:00+08:00`, end: `${YEAR + 1}-01-01T00:00:00+08:00` },
    },
    key_figures: key_figures(load, yearly_bill, planned.plan_reasons.saving_cost),
    load_forecast: load_forecast(load),
    year_heat_map: year_heat_map(load),
    load_duration: load_duration(load),
    bill: yearly_bill,
    ...planned,
    replay: replay(),
    what_if: what_if(),
    backtest: backtest(),
    alarms: alarms(),
    advice: advice(),
    data_quality: data_quality(load),
  };
}
