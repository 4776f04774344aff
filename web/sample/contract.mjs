import { SLOTS_PER_DAY, date_of, instant, slot_time } from "./plant.mjs";

/** A two-part contract in the Chinese form; the figures are made up. Prices per kWh, CNY. */
export const bands = /** @type {const} */ ([
  { id: "critical", level: "critical", label: { en: "Critical peak", zh: "尖峰" }, price: 1.1423 },
  { id: "peak", level: "peak", label: { en: "Peak", zh: "高峰" }, price: 0.9519 },
  { id: "flat", level: "flat", label: { en: "Flat", zh: "平段" }, price: 0.5711 },
  { id: "valley", level: "valley", label: { en: "Valley", zh: "低谷" }, price: 0.2627 },
]);

export const contract = { demand_kw: 1150, demand_rate: 38.4, delivery: 0.1356, line_loss: 0.0173, funds: 0.0279, standard_power_factor: 0.9 };

/** @param {number} slot of the year @returns {typeof bands[number]} */
export function band_at(slot) {
  const hour = (slot % SLOTS_PER_DAY) / 4;
  const month = Number(date_of(Math.floor(slot / SLOTS_PER_DAY)).slice(5, 7));
  if (hour < 8) return bands[3];
  if (hour < 11) return bands[1];
  if (hour >= 17 && hour < 22) return (month === 7 || month === 8) && hour >= 19 && hour < 21 ? bands[0] : bands[1];
  return bands[2];
}

/**
 * Tariff bands over a range of slots, neighbours of the same band merged.
 * @param {number} first @param {number} last
 * @returns {import("../src/report/model.ts").TariffBands}
 */
export function tariff_bands(first, last) {
  /** @type {import("../src/report/model.ts").TariffBands["spans"]} */
  const spans = [];
  for (let slot = first; slot < last; slot += 1) {
    const band = band_at(slot);
    const open = spans.at(-1);
    if (open?.band === band.id) open.end = instant(slot_time(slot + 1));
    else spans.push({ band: band.id, start: instant(slot_time(slot)), end: instant(slot_time(slot + 1)), price_per_kwh: band.price });
  }
  const used = new Set(spans.map((span) => span.band));
  return { bands: bands.filter((band) => used.has(band.id)).map(({ id, label, level }) => ({ id, label, level })), spans };
}

/** @param {number} value half up to cents */
export const cents = (value) => Math.round(value * 100) / 100;

/** @typedef {{ id: string, group: import("../src/report/model.ts").BillGroup, label: { en: string, zh: string } }} Line */

/** Charge lines in the order of the bill. @type {Line[]} */
export const lines = [
  ...bands.map((band) => ({ id: `energy.${band.id}`, group: /** @type {const} */ ("energy"), label: { en: `Energy, ${band.label.en.toLowerCase()}`, zh: `电量电费·${band.label.zh}` } })),
  { id: "line_loss", group: "delivery", label: { en: "Line losses", zh: "上网环节线损" } },
  { id: "delivery", group: "delivery", label: { en: "Transmission and distribution", zh: "输配电价" } },
  { id: "funds", group: "tax", label: { en: "Government funds", zh: "政府性基金及附加" } },
  { id: "demand", group: "demand", label: { en: "Demand charge", zh: "需量电费" } },
  { id: "power_factor", group: "power_factor", label: { en: "Power factor adjustment", zh: "力调电费" } },
];

/**
 * Costs per line of an import series.
 * @param {{ slot: number, kw: number }[]} power
 * @param {{ maximum_kw: number, share_of_month: number, power_factor: number }} month
 */
export function line_costs(power, { maximum_kw, share_of_month, power_factor }) {
  /** @type {Record<string, number>} */
  const costs = {};
  const add = (/** @type {string} */ id, /** @type {number} */ cost) => (costs[id] = (costs[id] ?? 0) + cost);
  for (const { slot, kw } of power) {
    const kwh = kw / 4;
    const band = band_at(slot);
    add(`energy.${band.id}`, kwh * band.price);
    add("line_loss", kwh * contract.line_loss);
    add("delivery", kwh * contract.delivery);
    add("funds", kwh * contract.funds);
  }
  const excess = Math.max(0, maximum_kw - 1.05 * contract.demand_kw);
  add("demand", (contract.demand_kw + 2 * excess) * contract.demand_rate * share_of_month);
  const basis = Object.entries(costs).reduce((sum, [id, cost]) => (id === "funds" ? sum : sum + cost), 0);
  add("power_factor", basis * (contract.standard_power_factor - power_factor) * 0.5);
  return Object.fromEntries(Object.entries(costs).map(([id, cost]) => [id, cents(cost)]));
}
