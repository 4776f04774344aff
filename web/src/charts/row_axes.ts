import type { Format } from "../i18n/format.ts";
import { label_width, tick_decimals, type NiceRange } from "./axis.ts";
import type { ChartOption } from "./Chart.tsx";
import { palette } from "./palette.ts";

interface RowAxes {
  /** From the top down. */
  labels: string[];
  /** Of the values, along the rows. */
  range: NiceRange;
  /** Room to the right of the values, px. */
  right: number;
}

/** Place and axes of a chart of horizontal bars: a name on the left of each row, values from left to right. */
export function row_axes({ labels, range, right }: RowAxes, format: Format, width: number): Pick<ChartOption, "grid" | "xAxis" | "yAxis"> {
  return {
    grid: { left: label_width(width) + 12, right, top: 8, bottom: 26, outerBoundsMode: "none" },
    yAxis: {
      type: "category",
      inverse: true,
      data: labels,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.grid } },
      axisLabel: { color: palette.ink, width: label_width(width), overflow: "break", interval: 0 },
    },
    xAxis: {
      type: "value",
      ...range,
      axisLabel: { color: palette.muted, hideOverlap: true, formatter: (value: number) => format.number(value, tick_decimals(range.interval)) },
      splitLine: { lineStyle: { color: palette.grid } },
    },
  };
}
