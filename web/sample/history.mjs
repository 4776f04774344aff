/** Sections about the past: figures, heat map, duration, bill, quality, accuracy, replay. */
import { cents, contract, line_costs, lines } from "./contract.mjs";
import { DAYS, SLOTS_PER_DAY, STEP_MINUTES, YEAR, date_of, instant, pv_power, slot_time } from "./plant.mjs";

/** @typedef {import("../src/report/model.ts").Report} Report */
/** @typedef {(number | null)[]} Load */

export const site_meter = { en: "the site", zh: "全厂" };

/** @param {Load} load @returns {Load} import from the grid, kW */
export const grid_import = (load) => load.map((kw, slot) => (kw === null ? null : Math.max(0, kw - pv_power(slot))));

/** @param {Load} load */
export function year_heat_map(load) {
  const days = Array.from({ length: DAYS }, (_, day) => ({
    start: instant(slot_time(day * SLOTS_PER_DAY)),
    mean_kw: load.slice(day * SLOTS_PER_DAY, (day + 1) * SLOTS_PER_DAY),
  }));
  return { meter: site_meter, step_minutes: STEP_MINUTES, days };
}

/** @param {Load} load */
export function load_duration(load) {
  const sorted = /** @type {number[]} */ (grid_import(load).filter((kw) => kw !== null)).sort((a, b) => b - a);
  const picks = Array.from({ length: 300 }, (_, index) => Math.round((index / 299) ** 1.6 * (sorted.length - 1)));
  const unique = [...new Set(picks)];
  return {
    meter: { en: "the grid connection", zh: "并网点" },
    hours: unique.map((index) => (index + 1) / 4),
    kw: unique.map((index) => sorted[index] ?? 0),
    references: [{ label: { en: "Contract demand", zh: "合同需量" }, kw: contract.demand_kw }],
  };
}

/** @param {Load} load @returns {import("../src/report/model.ts").Bill} */
export function bill(load) {
  const power = grid_import(load).map((kw, slot) => ({ slot, kw, month: date_of(Math.floor(slot / SLOTS_PER_DAY)).slice(0, 7) }));
  const months = Array.from({ length: 12 }, (_, index) => {
    const month = `${YEAR}-${String(index + 1).padStart(2, "0")}`;
    const rows = power.filter((row) => row.month === month);
    const known = /** @type {{slot: number, kw: number}[]} */ (rows.filter((row) => row.kw !== null));
    const maximum_kw = Math.max(...known.map((row) => row.kw));
    const power_factor = Math.round((0.9 + 0.03 * Math.sin(index)) * 100) / 100;
    const costs = line_costs(known, { maximum_kw, share_of_month: 1, power_factor });
    return {
      month,
      energy_kwh: cents(known.reduce((sum, row) => sum + row.kw / 4, 0)),
      maximum_demand_kw: maximum_kw,
      power_factor,
      lines: Object.entries(costs).map(([line, cost]) => ({ line, cost })),
      total_cost: cents(Object.values(costs).reduce((sum, cost) => sum + cost, 0)),
      incomplete: known.length < rows.length - SLOTS_PER_DAY,
    };
  });
  return { lines, months, total_cost: cents(months.reduce((sum, month) => sum + month.total_cost, 0)) };
}

/** @param {Load} load @param {import("../src/report/model.ts").Bill} yearly_bill @param {number} plan_saving */
export function key_figures(load, yearly_bill, plan_saving) {
  const kwh = yearly_bill.months.reduce((sum, month) => sum + month.energy_kwh, 0);
  const pv_kwh = load.reduce((sum, _, slot) => (sum ?? 0) + pv_power(slot) / 4, 0) ?? 0;
  const peak = Math.max(...yearly_bill.months.map((month) => month.maximum_demand_kw ?? 0));
  const money = Math.round(yearly_bill.total_cost).toLocaleString("en");
  return {
    summary: [
      {
        en: `In ${YEAR} the plant paid CNY ${money} for electricity. Three faults and the demand charge stand out.`,
        zh: `${YEAR} 年全厂支付电费 ${money} 元。三起故障和需量电费最为突出。`,
      },
      {
        en: `The plan for the coming day saves CNY ${plan_saving.toFixed(2)} without touching an order.`,
        zh: `次日用能计划在不影响订单的前提下可节省 ${plan_saving.toFixed(2)} 元。`,
      },
    ],
    tiles: [
      { id: "cost", label: { en: "Electricity cost", zh: "电费" }, value: yearly_bill.total_cost, unit: "CNY", comparison: { label: { en: "against 2024", zh: "相比 2024 年" }, change_percent: -3.8, tone: /** @type {const} */ ("good") } },
      { id: "energy", label: { en: "Energy from the grid", zh: "电网用电量" }, value: kwh / 1000, unit: "MWh", decimals: 0, comparison: { label: { en: "against 2024", zh: "相比 2024 年" }, change_percent: 1.4, tone: /** @type {const} */ ("bad") } },
      { id: "demand", label: { en: "Highest demand", zh: "最大需量" }, value: peak, unit: "kW", decimals: 1, comparison: { label: { en: `contract ${contract.demand_kw} kW`, zh: `合同需量 ${contract.demand_kw} kW` }, tone: /** @type {const} */ ("neutral") } },
      { id: "price", label: { en: "Average price", zh: "平均电价" }, value: yearly_bill.total_cost / kwh, unit: "CNY", decimals: 4, comparison: { label: { en: "per kWh, all charges", zh: "每千瓦时，含全部费用" }, tone: /** @type {const} */ ("neutral") } },
      { id: "pv", label: { en: "Own generation", zh: "自发电量" }, value: pv_kwh / 1000, unit: "MWh", decimals: 0 },
      { id: "carbon", label: { en: "Emissions", zh: "碳排放" }, value: (kwh * 0.5366) / 1000, unit: "tCO₂", decimals: 0, comparison: { label: { en: "location based", zh: "按区域电网因子" }, tone: /** @type {const} */ ("neutral") } },
      { id: "saving", label: { en: "Advice found, per year", zh: "建议可节省（每年）" }, value: 214_300, unit: "CNY", comparison: { label: { en: "of the yearly cost", zh: "占全年电费" }, change_percent: -4.1, tone: /** @type {const} */ ("good") } },
      { id: "coverage", label: { en: "Readings complete", zh: "读数完整率" }, value: 99.31, unit: "%", decimals: 2 },
    ],
  };
}

/** @param {Load} load @returns {import("../src/report/model.ts").DataQuality} */
export function data_quality(load) {
  const daily = Array.from({ length: DAYS }, (_, day) => (100 * load.slice(day * SLOTS_PER_DAY, (day + 1) * SLOTS_PER_DAY).filter((kw) => kw !== null).length) / SLOTS_PER_DAY);
  const whole = daily.map(() => 100);
  /** @param {string} id @param {string} en @param {string} zh @param {(number | null)[]} daily_percent */
  const series = (id, en, zh, daily_percent) => {
    const known = /** @type {number[]} */ (daily_percent.filter((percent) => percent !== null));
    return { id, name: { en, zh }, coverage_percent: known.reduce((sum, percent) => sum + percent, 0) / known.length, first_day: date_of(0), daily_percent };
  };
  return {
    readings_accepted: 208_811,
    rows_repaired: 1096,
    rows_rejected: 357,
    coverage: [
      series("grid.energy", "Grid import", "电网受电", daily),
      series("smt.power", "SMT lines 1 to 4", "贴片线 1–4", whole.map((value, day) => (day === 311 ? 62.5 : value))),
      series("compressor.power", "Compressed air", "空压站", whole.map((value, day) => (day >= 98 && day < 101 ? 0 : day === 97 || day === 101 ? 41 : value))),
      series("chiller.power", "Chillers", "冷水机组", whole.map((value, day) => (day < 59 ? null : value))),
      series("pv.power", "Photovoltaics", "光伏", whole.map((value, day) => (day % 61 === 17 ? 87.5 : value))),
      series("weather.temperature", "Outdoor temperature", "室外温度", whole),
    ],
    reasons: [
      { code: "duplicate_same", label: { en: "The same row twice", zh: "完全重复的行" }, outcome: "repaired", count: 1096 },
      { code: "missing", label: { en: "No reading for the slot", zh: "该时段无读数" }, outcome: "gap", count: 243 },
      { code: "above_meter_limit", label: { en: "More than the meter can carry", zh: "超过表计量程" }, outcome: "rejected", count: 187 },
      { code: "not_a_number", label: { en: "Not a number", zh: "不是数字" }, outcome: "rejected", count: 121 },
      { code: "future", label: { en: "Stamped in the future", zh: "时间戳在未来" }, outcome: "rejected", count: 38 },
      { code: "register_reset", label: { en: "Register fell: reset or replaced", zh: "表底回落：复位或换表" }, outcome: "gap", count: 11 },
    ],
    examples: [
      { file: "grid_2025.csv", line: 6419, code: "above_meter_limit", column: "kwh", message: { en: "found 18446744073709551615 kWh, expected at most 500 kWh in 15 minutes", zh: "读数为 18446744073709551615 kWh，15 分钟内应不超过 500 kWh" } },
      { file: "compressor.csv", line: 9312, code: "not_a_number", column: "power_kw", message: { en: "found “#N/A”, expected a power in kW", zh: "读到“#N/A”，应为以 kW 为单位的功率" } },
      { file: "smt.csv", line: 30017, code: "future", column: "", message: { en: "found 2052-11-09, later than the import", zh: "时间为 2052-11-09，晚于导入时刻" } },
      { file: "pv.csv", line: 402, code: "not_a_number", column: "power_kw", message: { en: "found “<script>alert(1)</script>”, expected a power in kW", zh: "读到“<script>alert(1)</script>”，应为以 kW 为单位的功率" } },
    ],
  };
}

/** @returns {import("../src/report/model.ts").Backtest} */
export function backtest() {
  const period = { start: `${YEAR}-08-01T00:00:00+08:00`, end: `${YEAR + 1}-01-01T00:00:00+08:00` };
  /** @param {string} en @param {string} zh @param {number[]} figures @param {"naive" | "chosen" | ""} role */
  const row = (en, zh, [wape, mase, crps, coverage, width, peak], role = "") => ({
    method: { en, zh },
    naive: role === "naive",
    chosen: role === "chosen",
    wape_percent: wape ?? null,
    mase: mase ?? null,
    crps: crps ?? null,
    coverage_80_percent: coverage ?? null,
    width_80: width ?? null,
    peak_error_percent: peak ?? null,
  });
  return {
    targets: [
      {
        name: { en: "Electricity of the site, day ahead", zh: "全厂用电，日前" },
        unit: "kW",
        period,
        origins: 153,
        rows: [
          row("Day before", "前一日", [9.84, 1.341, 49.2, 74.1, 148.2, 8.12], "naive"),
          row("Week before", "前一周", [7.31, 1.0, 38.5, 77.9, 139.6, 6.04], "naive"),
          row("Same day type", "同类日", [5.92, 0.81, 30.7, 79.2, 118.3, 4.77], "naive"),
          row("Ridge", "岭回归", [4.16, 0.569, 21.4, 80.6, 84.9, 3.41]),
          row("Boosted trees", "提升树", [3.88, 0.531, 20.1, 80.9, 79.7, 3.22]),
          row("Stacked", "堆叠组合", [3.61, 0.494, 18.6, 80.3, 74.2, 2.98], "chosen"),
        ],
      },
      {
        name: { en: "Pieces of SMT line 1, day ahead", zh: "贴片线 1 产量，日前" },
        unit: "pieces",
        period,
        origins: 153,
        rows: [
          row("Week before", "前一周", [18.2, 1.0, 41.9, 76.4, 155.1], "naive"),
          row("Stacked", "堆叠组合", [11.7, 0.642, 26.3, 81.2, 104.4], "chosen"),
        ],
      },
    ],
  };
}

/** @returns {import("../src/report/model.ts").Replay} */
export function replay() {
  const costs = [
    [`${YEAR}-08`, 512_377.41, 498_210.06, 495_904.18],
    [`${YEAR}-09`, 441_902.77, 430_118.92, 427_655.31],
    [`${YEAR}-10`, 371_250.09, 363_004.5, 361_127.64],
  ].map(([month, nothing, plan, perfect]) => ({ month: String(month), do_nothing_cost: Number(nothing), plan_cost: Number(plan), perfect_cost: Number(perfect) }));
  const kept = (/** @type {{do_nothing_cost: number, plan_cost: number, perfect_cost: number}} */ row) =>
    (100 * (row.do_nothing_cost - row.plan_cost)) / (row.do_nothing_cost - row.perfect_cost);
  const rows = costs.map((row) => ({ ...row, kept_percent: kept(row) }));
  const sum = (/** @type {"do_nothing_cost" | "plan_cost" | "perfect_cost"} */ key) => cents(rows.reduce((total, row) => total + row[key], 0));
  const total = { do_nothing_cost: sum("do_nothing_cost"), plan_cost: sum("plan_cost"), perfect_cost: sum("perfect_cost") };
  const measured_saving_cost = cents(total.do_nothing_cost - total.plan_cost);
  const shares = [
    { id: "grid", label: { en: "bill of grid", zh: "grid账单" }, share: 0.99 },
    { id: "gas", label: { en: "bill of gas", zh: "gas账单" }, share: 0.01 },
  ];
  return {
    rows,
    total: { ...total, kept_percent: kept(total) },
    promised_saving_cost: cents(1.12 * measured_saving_cost),
    measured_saving_cost,
    costs: shares.map(({ id, label, share }) => ({
      id,
      label,
      do_nothing_cost: share * total.do_nothing_cost,
      plan_cost: share * total.plan_cost,
      perfect_cost: share * total.perfect_cost,
    })),
    unserved: [{ carrier: { en: "heat", zh: "heat" }, unit: "kWh", do_nothing_amount: 0, plan_amount: 3.2 }],
  };
}

/** @returns {import("../src/report/model.ts").WhatIf} */
export function what_if() {
  const terms = [
    { id: "energy", label: { en: "Energy", zh: "电量电费" } },
    { id: "demand", label: { en: "Demand", zh: "需量电费" } },
    { id: "wear", label: { en: "Battery: wear", zh: "电池：自身成本" } },
    { id: "export", label: { en: "Export", zh: "上网" } },
  ];
  const scenario = (
    /** @type {string} */ id,
    /** @type {{ en: string, zh: string }} */ name,
    /** @type {number[]} */ amounts,
    /** @type {{ invested?: number, saved?: number | null }} */ { invested = 0, saved = null } = {},
  ) => ({
    id,
    name,
    investment_cost: invested,
    cost: cents(amounts.reduce((sum, amount) => sum + amount, 0)),
    terms: amounts.map((cost, index) => ({ id: terms[index]?.id ?? "", cost })),
    imported_kwh: Math.round(amounts[0] ?? 0) * 1.4,
    exported_kwh: Math.round(-(amounts[3] ?? 0) / 0.3),
    peak_kw: (amounts[1] ?? 0) / 38,
    carbon_tco2: (amounts[0] ?? 0) * 0.0008,
    cost_per_year: 12 * amounts.reduce((sum, amount) => sum + amount, 0),
    saving_cost_per_year: saved,
    payback_years: saved && invested ? invested / saved : null,
  });
  const chosen = {
    name: "Second battery, kWh",
    size: 812.4,
    least: 0,
    most: 4000,
    values: [
      { key: "battery.second.capacity_kwh", value: 812.4 },
      { key: "battery.second.max_charge_kw", value: 406.2 },
    ],
    investment_cost: 714_912,
    annuity_cost_per_year: 80_660,
  };
  return {
    period: { start: `${YEAR}-08-01T00:00:00+08:00`, end: `${YEAR}-09-01T00:00:00+08:00` },
    base: "as_it_is",
    terms,
    scenarios: [
      scenario("nothing_done", { en: "nothing done", zh: "不作计划" }, [468_210, 44_167, 0, 0]),
      scenario("as_it_is", { en: "as it is, planned", zh: "现状，按计划" }, [461_034, 35_260, 1_916, 0]),
      scenario("large", { en: "Twice the battery", zh: "Twice the battery" }, [455_020, 29_840, 3_606, 0], { invested: 620_000, saved: 116_928 }),
      {
        ...scenario("best", { en: "Best second battery", zh: "Best second battery" }, [454_310, 28_970, 3_840, 0], { invested: 714_912, saved: 133_080 }),
        sizes: [chosen],
        annuity_cost_per_year: chosen.annuity_cost_per_year,
      },
      scenario("sun", { en: "1 MW of sun", zh: "1 MW of sun" }, [398_350, 34_902, 1_880, -12_400], { invested: 1_500_000, saved: 905_736 }),
    ],
  };
}
