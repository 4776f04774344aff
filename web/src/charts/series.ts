/** Values on equal steps of real time; slot i starts at `start + i * step_minutes`. The same shape as in the data of a report. */
export interface TimeSeries {
  start: string;
  step_minutes: number;
  values: (number | null)[];
}

const MINUTE = 60_000;

/** Start of slot `index`, ms since 1970. */
export function slot_time(series: TimeSeries, index: number): number {
  return Date.parse(series.start) + index * series.step_minutes * MINUTE;
}

/** End of the last slot. */
export function series_end(series: TimeSeries): number {
  return slot_time(series, series.values.length);
}

/** `[time, value]` per slot. */
export function points(series: TimeSeries): [number, number | null][] {
  return series.values.map((value, index) => [slot_time(series, index), value]);
}

/** Points of a staircase: the last value holds until the end of its slot. */
export function stair_points(series: TimeSeries): [number, number | null][] {
  return [...points(series), [series_end(series), series.values.at(-1) ?? null]];
}

/** The value whose slot holds `time`; null where there is none. */
export function value_at(series: TimeSeries, time: number): number | null {
  const index = Math.floor((time - slot_time(series, 0)) / (series.step_minutes * MINUTE));
  return series.values[index] ?? null;
}

/** Smallest and largest value; null when there is no value at all. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}
