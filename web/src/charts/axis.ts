/** Scales that ECharts would choose for the reader's own time zone, or not at all. */

const HOUR = 3_600_000;

/** A value axis that starts and ends on a round figure. */
export interface NiceRange {
  min: number;
  max: number;
  interval: number;
}

/** Widens `[low, high]` to round figures with about `parts` steps. Zero is included: power and money are compared by length. */
export function nice_range(low: number, high: number, parts = 5): NiceRange {
  const bottom = Math.min(0, low);
  const top = Math.max(0, high);
  const raw = (top - bottom || 1) / parts;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const interval = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= raw * 0.999) ?? 10) * magnitude;
  return { min: Math.floor(bottom / interval + 1e-9) * interval, max: Math.ceil(top / interval - 1e-9) * interval || interval, interval };
}

/** Digits a label needs so that neighbouring ticks differ. */
export function tick_decimals(interval: number): number {
  return interval >= 1 ? (Number.isInteger(interval) ? 0 : 1) : Math.min(4, Math.ceil(-Math.log10(interval)) + (String(interval).includes("25") ? 1 : 0));
}

/** Room for the names of bars in a drawing of `width`, px. */
export function label_width(width: number): number {
  return Math.round(Math.min(190, Math.max(96, width * 0.24)));
}

/** Hours and minutes of an instant in a zone. */
function local_clock(zone: string) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (instant: number) => {
    const [hour = "0", minute = "0"] = format.format(instant).split(":");
    return { hour: Number(hour), minute: Number(minute) };
  };
}

export interface TimeTick {
  time: number;
  /** Local midnight. */
  midnight: boolean;
}

/** Hours between ticks so that at most `most` of them fall into the span. */
function tick_hours(span: number, most: number): number {
  return [1, 2, 3, 6, 12, 24].find((hours) => span / (hours * HOUR) <= most) ?? 24;
}

/**
 * Ticks on full local hours of `zone`, at most about `most`; a day of 23 or 25 hours keeps its ticks on the clock.
 * The end of the span gets none: its label would stand outside.
 */
export function time_ticks({ start, end }: { start: number; end: number }, zone: string, most: number): TimeTick[] {
  const clock = local_clock(zone);
  const every = tick_hours(end - start, most);
  const ticks: TimeTick[] = [];
  // Zones lie on quarter-hours, so local full hours are found by walking quarter-hours of real time.
  for (let time = Math.ceil(start / (HOUR / 4)) * (HOUR / 4); time < end; time += HOUR / 4) {
    const { hour, minute } = clock(time);
    if (minute === 0 && hour % every === 0) ticks.push({ time, midnight: hour === 0 });
  }
  const keep = Math.max(1, Math.ceil(ticks.length / most));
  return ticks.filter((_, index) => index % keep === 0);
}
