import { useMemo } from "react";
import { useLocale } from "../i18n/locale.tsx";
import type { Format } from "../i18n/format.ts";
import { nice_range } from "./axis.ts";
import { Chart, type ChartOption } from "./Chart.tsx";
import { palette } from "./palette.ts";
import { row_axes } from "./row_axes.ts";
import { tooltip_content, tooltip_style } from "./tooltip.ts";

export interface WaterfallStep {
  label: string;
  /** Negative steps lower the sum. */
  value: number;
}

interface WaterfallProps {
  title: string;
  steps: WaterfallStep[];
  total: { label: string; value: number };
  /** Of the values, which then carry their sign; money when absent. */
  unit?: string;
}

/** Where the bar of each step starts and ends; the total stands on zero. */
export function waterfall_bars(steps: WaterfallStep[]): { from: number; to: number }[] {
  let level = 0;
  return steps.map(({ value }) => {
    const from = level;
    level += value;
    return { from, to: level };
  });
}

function bar_colour(value: number, is_total: boolean): string {
  if (is_total) return palette.ink;
  return value < 0 ? palette.after : palette.measured;
}

/** `CNY 1,234`, or `+12.3 kW` where there is a unit. */
function value_text(value: number, unit: string | undefined, format: Format, cents?: number): string {
  return unit === undefined ? format.money(value, cents) : `${format.signed(value, 1)}\u00a0${unit}`;
}

/** `CNY 317,849 · 30 %`: the share is left out where it would say nothing. */
function bar_text(value: number, { total, unit }: WaterfallProps, format: Format): string {
  const share = unit === undefined && total.value > 0 && value !== total.value ? (100 * value) / total.value : null;
  const text = value_text(value, unit, format);
  return share === null ? text : `${text} · ${format.percent(share, Math.abs(share) < 10 ? 1 : 0)}`;
}

function waterfall_option(props: WaterfallProps, format: Format, width: number): ChartOption {
  const { steps, total, unit } = props;
  const bars = [...waterfall_bars(steps), { from: 0, to: total.value }];
  const rows = [...steps, total];
  const range = nice_range(Math.min(...bars.map((bar) => Math.min(bar.from, bar.to))), Math.max(...bars.map((bar) => Math.max(bar.from, bar.to))));
  return {
    ...row_axes({ labels: rows.map((row) => row.label), range, right: width < 500 ? 112 : 128 }, format, width),
    tooltip: {
      ...tooltip_style,
      trigger: "item",
      formatter: (params) => {
        const index = (Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0;
        const row = rows[index];
        return tooltip_content(row?.label ?? "", [{ name: value_text(row?.value ?? 0, unit, format, 2), value: "" }]);
      },
    },
    series: [
      {
        type: "custom",
        data: bars.map((bar, index) => [index, bar.from, bar.to]),
        encode: { x: [1, 2], y: 0 },
        renderItem: (params, api) => {
          const [left = 0, middle = 0] = api.coord([Math.min(api.value(1) as number, api.value(2) as number), api.value(0)]);
          const [right = 0] = api.coord([Math.max(api.value(1) as number, api.value(2) as number), api.value(0)]);
          const size = api.size?.([0, 1]);
          const thick = Math.min(22, (Array.isArray(size) ? (size[1] ?? 20) : 20) * 0.62);
          const row = rows[params.dataIndex];
          const fill = bar_colour(row?.value ?? 0, params.dataIndex === rows.length - 1);
          return {
            type: "group",
            children: [
              { type: "rect", shape: { x: left, y: middle - thick / 2, width: Math.max(1, right - left), height: thick, r: 2 }, style: { fill } },
              { type: "text", style: { text: bar_text(row?.value ?? 0, props, format), x: right + 6, y: middle, align: "left", verticalAlign: "middle", fill: palette.ink, fontSize: 11.5, fontFamily: "inherit" } },
            ],
          };
        },
      },
    ],
  };
}

/** How a sum is made of its parts, one bar per part, each starting where the one before ended. */
export function WaterfallChart(props: WaterfallProps) {
  const { format } = useLocale();
  const option = useMemo(() => (width: number) => waterfall_option(props, format, width), [props, format]);
  const parts = [...props.steps, props.total].map(({ label, value }) => `${label} ${value_text(value, props.unit, format)}`);
  return <Chart option={option} height={36 + 29 * (props.steps.length + 1)} description={`${props.title}: ${parts.join("; ")}.`} />;
}
