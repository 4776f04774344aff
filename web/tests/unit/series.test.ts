import { describe, expect, it } from "vitest";
import { extent, points, series_end, slot_time, stair_points, value_at, type TimeSeries } from "../../src/charts/series.ts";

const START = Date.parse("2018-03-06T00:00:00+09:00");
const QUARTER = 15 * 60_000;
const series: TimeSeries = { start: "2018-03-06T00:00:00+09:00", step_minutes: 15, values: [1, null, 3] };
const empty: TimeSeries = { ...series, values: [] };

describe("slots", () => {
  it("start one step apart", () => {
    expect(slot_time(series, 0)).toBe(START);
    expect(slot_time(series, 2)).toBe(START + 2 * QUARTER);
  });

  it("end where the one after the last would start", () => {
    expect(series_end(series)).toBe(START + 3 * QUARTER);
    expect(series_end(empty)).toBe(START);
  });

  it("become points that keep the gaps", () => {
    expect(points(series)).toEqual([
      [START, 1],
      [START + QUARTER, null],
      [START + 2 * QUARTER, 3],
    ]);
  });

  it("hold the last value to its end in a staircase", () => {
    expect(stair_points(series).at(-1)).toEqual([START + 3 * QUARTER, 3]);
    expect(stair_points(empty)).toEqual([[START, null]]);
  });
});

describe("value_at", () => {
  it("finds the slot that holds a time, its start included and its end not", () => {
    expect(value_at(series, START)).toBe(1);
    expect(value_at(series, START + QUARTER - 1)).toBe(1);
    expect(value_at(series, START + 2 * QUARTER)).toBe(3);
  });

  it("is null in a gap and outside of the series", () => {
    expect(value_at(series, START + QUARTER)).toBeNull();
    expect(value_at(series, START - 1)).toBeNull();
    expect(value_at(series, START + 3 * QUARTER)).toBeNull();
  });
});

describe("extent", () => {
  it("spans the values and passes over the missing", () => {
    expect(extent([2, null, -1, undefined, 5])).toEqual([-1, 5]);
    expect(extent([4])).toEqual([4, 4]);
  });

  it("is null without any value", () => {
    expect(extent([])).toBeNull();
    expect(extent([null, undefined])).toBeNull();
  });
});
