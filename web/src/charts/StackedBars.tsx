import { useMemo } from "react";
import { useLocale } from "../i18n/locale.tsx";
import type { Format } from "../i18n/format.ts";
import { nice_range } from "./axis.ts";
import { Chart, type ChartOption } from "./Chart.tsx";
import { palette, type Colour } from "./palette.ts";
import { row_axes } from "./row_axes.ts";
import { tooltip_content, tooltip_style } from "./tooltip.ts";

export interface StackPart {
  name: string;
  colour: Colour;
  /** Money, one per bar; negative parts stand left of zero. */
  values: number[];
}

interface StackedBarsProps {
  title: string;
  bars: { label: string; total: number; /** What stands behind the bar. */ remark: string }[];
  parts: StackPart[];
}

/** Lengths of a stack to the left and to the right of zero. */
export function stack_ends(parts: StackPart[], index: number): { left: number; right: number } {
  const values = parts.map((part) => part.values[index] ?? 0);
  const sum = (sign: number) => values.filter((value) => value * sign > 0).reduce((total, value) => total + value, 0);
  return { left: sum(-1), right: sum(1) };
}

function stack_option({ bars, parts }: StackedBarsProps, format: Format, width: number): ChartOption {
  const ends = bars.map((_, index) => stack_ends(parts, index));
  const range = nice_range(Math.min(...ends.map((end) => end.left)), Math.max(...ends.map((end) => end.right)));
  return {
    ...row_axes({ labels: bars.map((bar) => bar.label), range, right: width < 500 ? 112 : 150 }, format, width),
    tooltip: {
      ...tooltip_style,
      trigger: "axis",
      axisPointer: { type: "shadow" },
      formatter: (params) => {
        const index = (Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0;
        const bar = bars[index];
        const rows = parts.map(({ name, colour, values }) => ({ name, colour, value: format.money(values[index] ?? 0, 2) }));
        return tooltip_content(bar?.label ?? "", [...rows, { name: bar?.remark ?? "", value: format.money(bar?.total, 2) }]);
      },
    },
    series: [
      ...parts.map(({ name, colour, values }) => ({
        type: "bar" as const,
        name,
        stack: "cost",
        barMaxWidth: 22,
        data: values,
        itemStyle: { color: colour, borderColor: palette.paper, borderWidth: 1 },
      })),
      {
        type: "custom",
        silent: true,
        data: bars.map((_, index) => [ends[index]?.right ?? 0, index]),
        encode: { x: 0, y: 1 },
        renderItem: (params, api) => {
          const [x = 0, y = 0] = api.coord([api.value(0), api.value(1)]);
          const text = bars[params.dataIndex]?.remark ?? "";
          return { type: "text", style: { text, x: x + 6, y, align: "left", verticalAlign: "middle", fill: palette.ink, fontSize: 11.5, fontFamily: "inherit" } };
        },
      },
    ],
  };
}

/** One bar per row, made of its parts one after the other. */
export function StackedBars(props: StackedBarsProps) {
  const { format } = useLocale();
  const option = useMemo(() => (width: number) => stack_option(props, format, width), [props, format]);
  const rows = props.bars.map(({ label, remark }, index) => {
    const parts = props.parts.map(({ name, values }) => `${name} ${format.money(values[index] ?? 0)}`);
    return `${label} ${remark} (${parts.join(", ")})`;
  });
  return <Chart option={option} height={40 + 34 * props.bars.length} description={`${props.title}: ${rows.join("; ")}.`} />;
}
