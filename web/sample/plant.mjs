/**
 * A made-up electronics plant for looking at the page: a year of quarter-hours from a seed, always the same.
 * Only the page's sample and its tests use it; the program has a simulator of its own.
 */
export const STEP_MINUTES = 15;
export const SLOTS_PER_DAY = 96;
export const YEAR = 2025;
export const OFFSET = "+08:00";
const SLOT = STEP_MINUTES * 60_000;
const DAY = 86_400_000;

/** Local midnight of 1 January, ms. */
export const YEAR_START = Date.parse(`${YEAR}-01-01T00:00:00${OFFSET}`);
export const DAYS = 365;

/**
 * Uniform numbers 0..1 from a seed (mulberry32).
 * @param {number} seed
 */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * RFC 3339 with the plant's offset.
 * @param {number} time ms since 1970
 */
export function instant(time) {
  return new Date(time + 8 * 3_600_000).toISOString().slice(0, 19) + OFFSET;
}

/** @param {number} slot of the year */
export const slot_time = (slot) => YEAR_START + slot * SLOT;

/** @param {number} day of the year, 0 = 1 January */
export const date_of = (day) => instant(YEAR_START + day * DAY).slice(0, 10);

/** @param {number} day */
const weekday = (day) => new Date(YEAR_START + day * DAY + 8 * 3_600_000).getUTCDay();

/** @param {number} day Spring Festival and the week of 1 October stand still. */
const is_holiday = (day) => day === 0 || (day >= 27 && day <= 35) || (day >= 273 && day <= 280);

/** @param {number} day @param {number} hour outdoor temperature, degC */
export function temperature(day, hour) {
  return 16.5 - 12.5 * Math.cos((2 * Math.PI * (day - 20)) / 365) - 4 * Math.cos((2 * Math.PI * (hour - 3)) / 24);
}

/** @param {number} day @param {number} hour share of full production, 0..1 */
function production(day, hour) {
  if (is_holiday(day)) return 0.06;
  const shift = hour >= 8 && hour < 20 ? 1 : hour >= 6 || hour < 1 ? 0.62 : 0.3;
  const lunch = (hour >= 11.75 && hour < 12.75) || (hour >= 17.5 && hour < 18) ? 0.82 : 1;
  return shift * lunch * (weekday(day) === 0 ? 0.35 : weekday(day) === 6 ? 0.75 : 1);
}

/** @typedef {{ id: string, first: number, last: number, meter: string, extra_kw: (hour: number) => number }} Fault */

/** Three faults, each over a range of slots. @type {Fault[]} */
export const faults = [
  { id: "air-leak", meter: "compressor", first: 130 * 96 + 70, last: 139 * 96 + 30, extra_kw: () => 46 },
  { id: "chiller-fouling", meter: "chiller", first: 204 * 96 + 32, last: 211 * 96 + 40, extra_kw: (hour) => (hour > 8 && hour < 19 ? 78 : 34) },
  { id: "weekend-reflow", meter: "smt", first: 312 * 96 + 8, last: 313 * 96 + 78, extra_kw: () => 64 },
];

/** @param {number} slot @returns {number} kW of the faults at that moment */
function fault_power(slot) {
  const hour = (slot % SLOTS_PER_DAY) / 4;
  return faults.filter((fault) => slot >= fault.first && slot < fault.last).reduce((sum, fault) => sum + fault.extra_kw(hour), 0);
}

/** @param {number} slot expected load without faults and noise, kW */
export function expected_load(slot) {
  const day = Math.floor(slot / SLOTS_PER_DAY);
  const hour = (slot % SLOTS_PER_DAY) / 4;
  const busy = production(day, hour);
  const cooling = Math.max(0, temperature(day, hour) - 14) * (7.5 + 7 * busy);
  return 240 + 610 * busy + cooling;
}

/**
 * Expected power of a meter below the site, kW.
 * @param {string} meter @param {number} slot
 */
export function expected_meter(meter, slot) {
  const day = Math.floor(slot / SLOTS_PER_DAY);
  const hour = (slot % SLOTS_PER_DAY) / 4;
  const busy = production(day, hour);
  if (meter === "compressor") return 48 + 92 * busy;
  if (meter === "chiller") return 30 + Math.max(0, temperature(day, hour) - 14) * (7.5 + 7 * busy);
  return 18 + 205 * busy;
}

/** Site load of the year, kW; null = no reading. @returns {(number | null)[]} */
export function year_load() {
  const next = random(20_250_101);
  let drift = 0;
  const load = Array.from({ length: DAYS * SLOTS_PER_DAY }, (_, slot) => {
    drift = 0.93 * drift + 26 * (next() - 0.5);
    return Math.round(10 * (expected_load(slot) + drift + 14 * (next() - 0.5) + fault_power(slot))) / 10;
  });
  return load.map((value, slot) => (is_gap(slot) ? null : value));
}

/** @param {number} slot two days and a few hours without readings */
function is_gap(slot) {
  return (slot >= 66 * 96 + 40 && slot < 68 * 96 + 52) || (slot >= 187 * 96 + 8 && slot < 187 * 96 + 22) || (slot >= 330 * 96 && slot < 330 * 96 + 9);
}

/** @param {number} slot generation of the roof, kW */
export function pv_power(slot) {
  const hour = (slot % SLOTS_PER_DAY) / 4;
  const day = Math.floor(slot / SLOTS_PER_DAY);
  const cloud = 0.55 + 0.45 * random(day * 7919 + 13)();
  return Math.round(10 * Math.max(0, Math.sin((Math.PI * (hour - 6)) / 12)) * 310 * cloud) / 10;
}
