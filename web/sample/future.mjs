/** Sections about what comes and what to do: forecast, plan, alarms, advice. */
import { band_at, cents, contract, line_costs, lines, tariff_bands } from "./contract.mjs";
import { site_meter } from "./history.mjs";
import { SLOTS_PER_DAY, STEP_MINUTES, expected_load, expected_meter, faults, instant, pv_power, random, slot_time } from "./plant.mjs";

/** @typedef {(number | null)[]} Load */

/** The forecast starts here, on a working day in August. */
export const ORIGIN_DAY = 225;
const ORIGIN = ORIGIN_DAY * SLOTS_PER_DAY;
const BATTERY = { power_kw: 400, capacity_kwh: 1000, efficiency: 0.95 };

/** @param {number} value one decimal */
const tenth = (value) => Math.round(value * 10) / 10;

/** @param {number} first slot @param {(number | null)[]} values */
const series = (first, values) => ({ start: instant(slot_time(first)), step_minutes: STEP_MINUTES, values });

/** @param {number} first @param {number} count @param {(slot: number) => number | null} value */
const series_of = (first, count, value) => series(first, Array.from({ length: count }, (_, index) => value(first + index)));

/** @param {Load} load @returns {import("../src/report/model.ts").LoadForecast} */
export function load_forecast(load) {
  const days = 2;
  const spread = (/** @type {number} */ slot) => 26 + 34 * Math.sqrt((slot - ORIGIN) / (days * SLOTS_PER_DAY)) + 0.03 * expected_load(slot);
  const first = ORIGIN - 3 * SLOTS_PER_DAY;
  return {
    meter: site_meter,
    issued_at: instant(slot_time(ORIGIN)),
    method: { en: "ridge and boosted trees, stacked and calibrated", zh: "岭回归与提升树堆叠并校准" },
    measured_kw: series(first, load.slice(first, ORIGIN + 44)),
    q10_kw: series_of(ORIGIN, days * SLOTS_PER_DAY, (slot) => tenth(expected_load(slot) - spread(slot))),
    q50_kw: series_of(ORIGIN, days * SLOTS_PER_DAY, (slot) => tenth(expected_load(slot))),
    q90_kw: series_of(ORIGIN, days * SLOTS_PER_DAY, (slot) => tenth(expected_load(slot) + 1.15 * spread(slot))),
    tariff_bands: tariff_bands(first, ORIGIN + days * SLOTS_PER_DAY),
    drivers: forecast_drivers(),
  };
}

/** Drivers of the first day: a hot one with a larger plan. @returns {import("../src/report/model.ts").ForecastDrivers} */
function forecast_drivers() {
  const slots = Array.from({ length: SLOTS_PER_DAY }, (_, index) => ORIGIN + index);
  const forecast_kw = tenth(slots.reduce((sum, slot) => sum + expected_load(slot), 0) / SLOTS_PER_DAY);
  const hour = (/** @type {number} */ clock, /** @type {number} */ mean_kw) => ({ start: instant(slot_time(ORIGIN + 4 * clock)), mean_kw });
  const parts = [
    { id: "temperature", name: { en: "temperature", zh: "气温" }, mean_kw: 21.4, hours: [hour(13, 48.2), hour(14, 52.7), hour(15, 50.9)] },
    { id: "production", name: { en: "production", zh: "生产" }, mean_kw: 12.8, hours: [hour(9, 30.4), hour(10, 31.1), hour(16, 29.5)] },
    { id: "recent", name: { en: "readings of the last two days", zh: "最近两天的读数" }, mean_kw: -6.3, hours: [hour(2, -9.8), hour(3, -10.2), hour(4, -9.9)] },
    { id: "calendar", name: { en: "holidays and stops", zh: "节假日与停产" }, mean_kw: 0, hours: [] },
  ].map((part) => ({ ...part, share_percent: tenth((100 * part.mean_kw) / forecast_kw) }));
  const departure_kw = tenth(parts.reduce((sum, part) => sum + part.mean_kw, 0));
  return {
    issued_at: instant(slot_time(ORIGIN)),
    period: { start: instant(slot_time(ORIGIN)), end: instant(slot_time(ORIGIN + SLOTS_PER_DAY)) },
    method: { en: "ridge and boosted trees, stacked and calibrated", zh: "岭回归与提升树堆叠并校准" },
    base_kw: tenth(forecast_kw - departure_kw),
    forecast_kw,
    departure_kw,
    parts,
  };
}

/** @param {number} slot battery by the clock, charging positive, kW */
function battery_power(slot) {
  const hour = (slot % SLOTS_PER_DAY) / 4;
  if (hour < 3) return 315;
  if (hour >= 8.5 && hour < 10.75) return -400;
  if (hour >= 12 && hour < 15) return 300;
  return hour >= 18.75 && hour < 21 ? -380 : 0;
}

/** @param {number} slot curing oven, kW */
const oven_before = (slot) => ((slot % SLOTS_PER_DAY) / 4 >= 17 && (slot % SLOTS_PER_DAY) / 4 < 20 ? 90 : 0);
/** @param {number} slot */
const oven_after = (slot) => ((slot % SLOTS_PER_DAY) / 4 >= 13 && (slot % SLOTS_PER_DAY) / 4 < 16 ? 90 : 0);

/** Levels at the start of each slot and the end of the last. @param {number} count */
function battery_levels(count) {
  let level = 100;
  const levels = [level];
  for (let slot = ORIGIN; slot < ORIGIN + count; slot += 1) {
    const power = battery_power(slot);
    level += (power > 0 ? power * BATTERY.efficiency : power / BATTERY.efficiency) / 4;
    levels.push(tenth(level));
  }
  return levels;
}

/** @returns {{ plan: import("../src/report/model.ts").Plan, plan_costs: import("../src/report/model.ts").PlanCosts, plan_reasons: import("../src/report/model.ts").PlanReasons }} */
export function planned_day() {
  const count = SLOTS_PER_DAY;
  const before = (/** @type {number} */ slot) => expected_load(slot) + oven_before(slot) - pv_power(slot);
  const after = (/** @type {number} */ slot) => before(slot) - oven_before(slot) + oven_after(slot) + battery_power(slot);
  const power = (/** @type {(slot: number) => number} */ value) => Array.from({ length: count }, (_, index) => ({ slot: ORIGIN + index, kw: value(ORIGIN + index) }));
  const costs = (/** @type {(slot: number) => number} */ value) => line_costs(power(value), { maximum_kw: 1180, share_of_month: 1 / 31, power_factor: 0.92 });
  const [old_costs, new_costs] = [costs(before), costs(after)];
  const terms = lines.filter((line) => line.id in old_costs).map(({ id, label }) => ({ id, label, before_cost: old_costs[id] ?? 0, after_cost: new_costs[id] ?? 0 }));
  const before_cost = cents(terms.reduce((sum, term) => sum + term.before_cost, 0));
  const after_cost = cents(terms.reduce((sum, term) => sum + term.after_cost, 0));
  const span = (/** @type {number} */ from, /** @type {number} */ to) => ({ start: instant(slot_time(ORIGIN + 4 * from)), end: instant(slot_time(ORIGIN + 4 * to)) });
  const saving = cents(before_cost - after_cost);
  const battery = { en: "Battery", zh: "储能电池" };
  const shares = [-0.31, 0.86, -0.46, 0.82, 0.09];
  const savings = shares.map((share) => cents(share * saving));
  return {
    plan: {
      period: span(0, 24),
      basis: "forecast",
      outcome: "optimal",
      before_cost,
      after_cost,
      load_kw: series_of(ORIGIN, count, (slot) => tenth(expected_load(slot) + oven_before(slot))),
      import_before_kw: series_of(ORIGIN, count, (slot) => tenth(before(slot))),
      import_after_kw: series_of(ORIGIN, count, (slot) => tenth(after(slot))),
      generation_kw: series_of(ORIGIN, count, pv_power),
      price_per_kwh: series_of(ORIGIN, count, (slot) => band_at(slot).price),
      tariff_bands: tariff_bands(ORIGIN, ORIGIN + count),
      references: [{ label: { en: "Contract demand", zh: "合同需量" }, kw: contract.demand_kw }],
      batteries: [
        { id: "battery", name: battery, capacity_kwh: BATTERY.capacity_kwh, power_kw: series_of(ORIGIN, count, battery_power), level_kwh: series(ORIGIN, battery_levels(count)) },
      ],
      stores: [
        {
          id: "ice",
          name: { en: "Ice", zh: "Ice" },
          unit: "kWh",
          capacity: 4000,
          flow: series_of(ORIGIN, count, (slot) => (band_at(slot).price < 0.4 ? 320 : -160)),
          level: series_of(ORIGIN, count, (slot) => 1200 + 40 * ((slot - ORIGIN) % 48)),
        },
      ],
      converters: [
        {
          id: "chillers.cold",
          name: { en: "Chillers", zh: "Chillers" },
          carrier: { en: "Cold", zh: "Cold" },
          unit: "kW",
          before: series_of(ORIGIN, count, () => 640),
          after: series_of(ORIGIN, count, (slot) => (band_at(slot).price < 0.4 ? 960 : 480)),
        },
      ],
      shiftable_loads: [{ id: "oven", name: { en: "Curing oven", zh: "固化炉" }, before_kw: series_of(ORIGIN, count, oven_before), after_kw: series_of(ORIGIN, count, oven_after) }],
    },
    plan_costs: { terms, before_cost, after_cost },
    plan_reasons: {
      saving_cost: saving,
      reasons: [
        { ...span(0, 3), asset: battery, action: { en: "charges 945 kWh", zh: "充电 945 kWh" }, reason: { en: "valley price 0.2627, the lowest of the day; needed for the morning peak", zh: "谷段电价 0.2627，全天最低；为早高峰储备" }, saving_cost: savings[0] ?? 0 },
        { ...span(8.5, 10.75), asset: battery, action: { en: "discharges 900 kWh", zh: "放电 900 kWh" }, reason: { en: "peak price 0.9519; the load would pass the contract demand at 10:15", zh: "峰段电价 0.9519；负荷将于 10:15 超过合同需量" }, saving_cost: savings[1] ?? 0 },
        { ...span(12, 15), asset: battery, action: { en: "charges 900 kWh", zh: "充电 900 kWh" }, reason: { en: "flat price 0.5711 and the roof generates; needed for the critical peak", zh: "平段电价 0.5711 且光伏出力充足；为尖峰储备" }, saving_cost: savings[2] ?? 0 },
        { ...span(13, 16), asset: { en: "Curing oven", zh: "固化炉" }, action: { en: "runs at 13:00 instead of 17:00", zh: "由 17:00 提前至 13:00 运行" }, reason: { en: "moves 270 kWh from peak to flat; the order is due at 21:00", zh: "将 270 kWh 由峰段移至平段；订单 21:00 到期" }, saving_cost: savings[4] ?? 0 },
        { ...span(18.75, 21), asset: battery, action: { en: "discharges 855 kWh", zh: "放电 855 kWh" }, reason: { en: "critical price 1.1423, the highest of the day", zh: "尖峰电价 1.1423，全天最高" }, saving_cost: savings[3] ?? 0 },
      ],
    },
  };
}

const fault_texts = {
  "air-leak": {
    meter: { en: "compressed air", zh: "空压站" },
    title: { en: "Base load of compressed air above the expected", zh: "空压站基础负荷高于预期" },
    cause: { en: "a leak: the excess is the same day and night, and does not follow production", zh: "泄漏：超出部分昼夜不变，与产量无关" },
    evidence: [
      { en: "46 kW above the expected during nine nights in a row; usual scatter 6 kW", zh: "连续九个夜晚高出预期 46 kW，平时波动仅 6 kW" },
      { en: "Began on 11 May at 17:30 within one quarter-hour", zh: "始于 5 月 11 日 17:30，一刻钟内出现" },
      { en: "Ended after the repair of 20 May", zh: "5 月 20 日检修后消失" },
    ],
  },
  "chiller-fouling": {
    meter: { en: "chillers", zh: "冷水机组" },
    title: { en: "Chillers use more than the weather explains", zh: "冷水机组用电超出天气可解释的范围" },
    cause: { en: "fouled condenser: the excess grows with the outdoor temperature", zh: "冷凝器结垢：超出部分随室外温度升高" },
    evidence: [{ en: "19 % more power at the same temperature and production", zh: "相同温度与产量下功率高 19 %" }],
  },
  "weekend-reflow": {
    meter: { en: "SMT lines 1 to 4", zh: "贴片线 1–4" },
    title: { en: "Reflow ovens ran over the weekend without pieces", zh: "回流焊炉周末空转" },
    cause: undefined,
    evidence: [{ en: "64 kW for 42 hours, no piece counted", zh: "64 kW 持续 42 小时，无产量记录" }],
  },
};

/** @returns {import("../src/report/model.ts").Alarms} */
export function alarms() {
  const states = /** @type {const} */ (["returned", "acknowledged", "new"]);
  const list = faults.map((fault, index) => {
    const first = fault.first - 2 * SLOTS_PER_DAY;
    const count = Math.min(fault.last + SLOTS_PER_DAY, fault.first + 5 * SLOTS_PER_DAY) - first;
    const texts = fault_texts[/** @type {keyof typeof fault_texts} */ (fault.id)];
    const hours = (fault.last - fault.first) / 4;
    const next = random(fault.first);
    const expected = (/** @type {number} */ slot) => expected_meter(fault.meter, slot);
    const band = (/** @type {number} */ slot) => 5 + 0.06 * expected(slot);
    const measured = (/** @type {number} */ slot) =>
      expected(slot) + band(slot) * (next() - 0.5) + (slot >= fault.first && slot < fault.last ? fault.extra_kw((slot % SLOTS_PER_DAY) / 4) : 0);
    const excess_kwh = Math.round(hours * fault.extra_kw(12));
    return {
      id: fault.id,
      ...texts,
      start: instant(slot_time(fault.first)),
      end: instant(slot_time(fault.last)),
      state: states[index] ?? "new",
      excess_kwh,
      excess_cost: cents(excess_kwh * 0.71),
      measured_kw: series_of(first, count, (slot) => tenth(measured(slot))),
      expected_kw: series_of(first, count, (slot) => tenth(expected(slot))),
      low_kw: series_of(first, count, (slot) => tenth(expected(slot) - band(slot))),
      high_kw: series_of(first, count, (slot) => tenth(expected(slot) + band(slot))),
    };
  });
  return { false_alarms_allowed_per_month: 1, found: 7, alarms: list };
}

/** @returns {import("../src/report/model.ts").AdviceList} */
export function advice() {
  return {
    advice: [
      {
        id: "contract-demand",
        title: { en: "Lower the contract demand to 1,050 kW from October to April", zh: "10 月至次年 4 月将合同需量降至 1,050 kW" },
        text: { en: "In seven months the highest quarter-hour stayed below 1,030 kW while 1,150 kW were paid. The utility accepts a change with notice of one month.", zh: "七个月内最高一刻钟负荷低于 1,030 kW，却按 1,150 kW 付费。提前一个月申请即可变更。" },
        saving_kwh_per_year: null,
        saving_cost_per_year: 26_880,
        saving_tco2_per_year: null,
        confidence: "high",
        evidence: [
          { en: "Highest demand of those months: 1,027.3 kW on 14 October at 10:15", zh: "上述月份最大需量：10 月 14 日 10:15，1,027.3 kW" },
          { en: "With 1,050 kW the 105 % limit would not have been passed once", zh: "按 1,050 kW 计算，从未超过 105 % 限值" },
        ],
        how_computed: { en: "each month of 2025 billed again with contract demands of 900 to 1,300 kW in steps of 10 kW; the cheapest, with 2 % in reserve", zh: "以 900–1,300 kW（步长 10 kW）的合同需量重算 2025 年各月账单，取最低者并留 2 % 裕度" },
      },
      {
        id: "base-load",
        title: { en: "Switch off what runs at night without need", zh: "关闭夜间不必要的用电" },
        text: { en: "Between 02:00 and 05:00 the plant draws 421 kW even on days without production. Four air handlers and the compressor ring explain most of it.", zh: "02:00 至 05:00 即使无生产也用电 421 kW，主要为四台空调箱与压缩空气管网。" },
        saving_kwh_per_year: 171_600,
        saving_cost_per_year: 78_900,
        saving_tco2_per_year: 92.1,
        confidence: "medium",
        evidence: [{ en: "Best nights of the year reach 268 kW at the same temperature", zh: "同样温度下，全年最好的夜晚仅为 268 kW" }],
        how_computed: { en: "night load above the lower decile of nights at the same temperature, half of it taken as avoidable", zh: "夜间负荷高于同温度夜晚下十分位的部分，取一半为可避免" },
      },
      {
        id: "battery",
        title: { en: "A second battery of 500 kWh would pay", zh: "再增加 500 kWh 储能可回本" },
        text: { en: "The critical peak of July and August and two peaks a day leave room for another half cycle.", zh: "7、8 月尖峰与每日两个高峰尚可容纳半个循环。" },
        saving_kwh_per_year: -21_000,
        saving_cost_per_year: 108_520,
        saving_tco2_per_year: -11.3,
        investment_cost: 540_000,
        payback_years: 4.98,
        confidence: "low",
        evidence: [{ en: "Replay of 2025 with the larger battery, plans made from forecasts", zh: "以更大电池回放 2025 年，计划均由预测制定" }],
        how_computed: { en: "difference of two replays; investment of CNY 1,080 per kWh; losses of the battery are in the energy", zh: "两次回放之差；投资按 1,080 元/kWh；电池损耗已计入电量" },
      },
    ],
  };
}
