import type { CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { Format } from "../i18n/format.ts";
import { nice_range, tick_decimals, time_ticks } from "./axis.ts";
import { band_fill, type BandLevel } from "./bands.ts";
import type { ChartOption } from "./Chart.tsx";
import { palette } from "./palette.ts";
import { extent, points, series_end, slot_time, stair_points, value_at, type TimeSeries } from "./series.ts";
import { tooltip_content, tooltip_style, type TooltipRow } from "./tooltip.ts";

export interface TimeLine {
  id: string;
  name: string;
  series: TimeSeries;
  colour: string;
  /** `stairs` for values that hold over their slot (set-points, prices); default `line`. */
  shape?: "line" | "stairs";
  /** Draw the area to zero. */
  filled?: boolean;
  dashed?: boolean;
}

/** Area between two series on the same axis. */
export interface TimeBand {
  name: string;
  low: TimeSeries;
  high: TimeSeries;
  colour: string;
}

/** Stretch of time shaded behind the lines. */
export interface Shade {
  start: number;
  end: number;
  name: string;
  note?: string;
  look: { level: BandLevel } | { colour: string };
}

export interface TimeChartData {
  unit: string;
  lines: TimeLine[];
  band?: TimeBand;
  shades?: Shade[];
  references?: { name: string; value: number }[];
  /** A vertical line with a name. */
  mark?: { time: number; name: string };
  decimals?: number;
  /** What the time axis shows; default: what the series cover. */
  span?: { start: number; end: number };
}

/** Margins of the drawing and the room a label of the time axis needs, px. */
const LEFT = 56;
const RIGHT = 16;
const LABEL_WIDTH = 88;

/** The stretch of time that is shown. */
export function time_span({ lines, band, span }: TimeChartData): { start: number; end: number } {
  if (span) return span;
  const all = [...lines.map((line) => line.series), ...(band ? [band.low, band.high] : [])].filter((series) => series.values.length > 0);
  return { start: Math.min(...all.map((series) => slot_time(series, 0))), end: Math.max(...all.map(series_end)) };
}

function value_range({ lines, band, references = [] }: TimeChartData) {
  const values = lines.flatMap((line) => line.series.values).concat(band?.low.values ?? [], band?.high.values ?? []);
  const [low, high] = extent([...values, ...references.map((reference) => reference.value)]) ?? [0, 1];
  return nice_range(low, high);
}

function shade_series(shades: Shade[], span: { start: number; end: number }): CustomSeriesOption {
  const visible = shades.filter((shade) => shade.end > span.start && shade.start < span.end);
  return {
    type: "custom",
    id: "shades",
    silent: true,
    z: 0,
    data: visible.map((shade) => [Math.max(shade.start, span.start), Math.min(shade.end, span.end)]),
    encode: { x: [0, 1], y: [] },
    renderItem: (params, api) => {
      const area = params.coordSys as unknown as { y: number; height: number };
      const left = api.coord([api.value(0), 0])[0] ?? 0;
      const right = api.coord([api.value(1), 0])[0] ?? 0;
      const look = visible[params.dataIndex]?.look;
      const style = look && "level" in look ? { fill: band_fill(look.level) } : { fill: look?.colour, opacity: 0.14 };
      return { type: "rect", shape: { x: left, y: area.y, width: right - left, height: area.height }, style: style as { fill: string } };
    },
  };
}

function band_series(band: TimeBand): CustomSeriesOption {
  const low = points(band.low);
  const high = points(band.high);
  const whole = low.filter((point, index) => point[1] !== null && typeof high[index]?.[1] === "number");
  return {
    type: "custom",
    id: "band",
    silent: true,
    z: 1,
    clip: true,
    data: [[whole[0]?.[0] ?? 0, 0]],
    encode: { x: 0, y: [] },
    renderItem: (_, api) => {
      const upper = high.filter((_point, index) => low[index]?.[1] !== null && high[index]?.[1] !== null);
      const outline = [...upper, ...whole.toReversed()].map(([time, value]) => api.coord([time, value ?? 0]));
      return { type: "polygon", shape: { points: outline }, style: { fill: band.colour, opacity: 0.22 } };
    },
  };
}

function line_series(line: TimeLine): LineSeriesOption {
  const stairs = line.shape === "stairs";
  return {
    type: "line",
    id: line.id,
    name: line.name,
    z: 3,
    showSymbol: false,
    silent: true,
    step: stairs ? "end" : false,
    data: stairs ? stair_points(line.series) : points(line.series),
    lineStyle: { color: line.colour, width: 1.6, type: line.dashed ? [5, 4] : "solid" },
    itemStyle: { color: line.colour },
    ...(line.filled ? { areaStyle: { color: line.colour, opacity: 0.18, origin: 0 } } : {}),
  };
}

/** A dashed straight line with a label at its end. */
interface Rule {
  id: string;
  from: [number, number];
  to: [number, number];
  label: string;
  colour: string;
  /** The line stands, so that its label goes beside it instead of above. */
  upright?: boolean;
}

function rule_series({ id, from, to, label, colour, upright = false }: Rule): LineSeriesOption {
  return {
    type: "line",
    id,
    z: 2,
    silent: true,
    showSymbol: false,
    data: [from, to],
    lineStyle: { color: colour, width: 1.2, type: [6, 3] },
    endLabel: {
      show: true,
      formatter: label,
      color: palette.ink,
      fontSize: 11,
      textBorderColor: palette.paper,
      textBorderWidth: 3,
      align: upright ? "left" : "right",
      verticalAlign: upright ? "top" : "bottom",
      offset: upright ? [2, 2] : [-8, -3],
    },
  };
}

function mark_rule({ time, name }: NonNullable<TimeChartData["mark"]>, range: { min: number; max: number }): Rule {
  return { id: "mark", from: [time, range.min], to: [time, range.max], label: name, colour: palette.ink, upright: true };
}

function tooltip_rows(data: TimeChartData, time: number, format: Format): TooltipRow[] {
  const show = (value: number | null) => format.quantity(value, data.unit, data.decimals);
  const rows: TooltipRow[] = data.lines
    .map((line) => ({ name: line.name, at: value_at(line.series, time), colour: line.colour }))
    .filter((row) => row.at !== null)
    .map(({ name, at, colour }) => ({ name, value: show(at), colour }));
  const low = data.band ? value_at(data.band.low, time) : null;
  if (data.band && low !== null) {
    const high = value_at(data.band.high, time);
    rows.push({ name: data.band.name, value: `${format.number(low, data.decimals)} – ${show(high)}`, colour: data.band.colour });
  }
  const shade = data.shades?.find((candidate) => candidate.start <= time && time < candidate.end);
  if (shade) rows.push({ name: shade.name, value: shade.note ?? "" });
  return rows;
}

/** Everything ECharts needs to draw series over time, in the time zone of the format. */
export function time_option(data: TimeChartData, format: Format, width: number): ChartOption {
  const span = time_span(data);
  const range = value_range(data);
  const ticks = time_ticks(span, format.zone, (width - LEFT - RIGHT) / LABEL_WIDTH);
  const midnights = new Set(ticks.filter((tick) => tick.midnight).map((tick) => tick.time));
  const times = ticks.map((tick) => tick.time);
  const day = (time: number) => format.day(time);
  return {
    grid: { left: LEFT, right: RIGHT, top: 28, bottom: 28 },
    xAxis: {
      type: "value",
      min: span.start,
      max: span.end,
      splitLine: { show: false },
      axisLine: { onZero: false, lineStyle: { color: palette.grid } },
      axisTick: { customValues: times, lineStyle: { color: palette.grid } },
      axisLabel: {
        customValues: times,
        hideOverlap: true,
        color: palette.muted,
        formatter: (time: number) => (midnights.has(time) ? day(time) : format.time(time)),
      },
    },
    yAxis: {
      type: "value",
      ...range,
      name: data.unit,
      nameTextStyle: { color: palette.muted, align: "left", padding: [0, 0, 0, 4 - LEFT] },
      axisLabel: { color: palette.muted, formatter: (value: number) => format.number(value, tick_decimals(range.interval)) },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    tooltip: {
      ...tooltip_style,
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: palette.muted, type: "solid" }, label: { show: false } },
      formatter: (params) => {
        const first = (Array.isArray(params) ? params[0] : params) as unknown as { axisValue?: number } | undefined;
        const time = Number(first?.axisValue);
        return tooltip_content(format.day_time(time), tooltip_rows(data, time, format));
      },
    },
    series: [
      ...(data.shades?.length ? [shade_series(data.shades, span)] : []),
      ...(data.band ? [band_series(data.band)] : []),
      ...(data.references ?? []).map(({ name, value }, index) =>
        rule_series({
          id: `reference-${index}`,
          from: [span.start, value],
          to: [span.end, value],
          label: `${name} ${format.quantity(value, data.unit)}`,
          colour: palette.reference,
        }),
      ),
      ...(data.mark ? [rule_series(mark_rule(data.mark, range))] : []),
      ...data.lines.map(line_series),
    ],
  };
}
