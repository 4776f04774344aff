import { useMemo } from "react";
import { useLocale } from "../i18n/locale.tsx";
import type { Format } from "../i18n/format.ts";
import { nice_range } from "./axis.ts";
import { Chart, type ChartOption } from "./Chart.tsx";
import { palette } from "./palette.ts";
import { row_axes } from "./row_axes.ts";
import { tooltip_content, tooltip_style } from "./tooltip.ts";

interface PairBarsProps {
  title: string;
  before: string;
  after: string;
  rows: { label: string; before: number; after: number }[];
}

function pair_option({ before, after, rows }: PairBarsProps, format: Format, width: number): ChartOption {
  const values = rows.flatMap((row) => [row.before, row.after]);
  const range = nice_range(Math.min(0, ...values), Math.max(0, ...values));
  const bar = (name: string, colour: string, pick: (row: PairBarsProps["rows"][number]) => number) => ({
    type: "bar" as const,
    name,
    barMaxWidth: 12,
    barGap: "15%",
    data: rows.map(pick),
    itemStyle: { color: colour, borderRadius: 2 },
  });
  return {
    ...row_axes({ labels: rows.map((row) => row.label), range, right: 24 }, format, width),
    tooltip: {
      ...tooltip_style,
      trigger: "axis",
      axisPointer: { type: "shadow" },
      formatter: (params) => {
        const row = rows[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? 0];
        return tooltip_content(row?.label ?? "", [
          { name: before, value: format.money(row?.before, 2), colour: palette.before },
          { name: after, value: format.money(row?.after, 2), colour: palette.after },
        ]);
      },
    },
    series: [bar(before, palette.before, (row) => row.before), bar(after, palette.after, (row) => row.after)],
  };
}

/** Two bars per row: money before and after. */
export function PairBars(props: PairBarsProps) {
  const { format } = useLocale();
  const option = useMemo(() => (width: number) => pair_option(props, format, width), [props, format]);
  const parts = props.rows.map((row) => `${row.label} ${format.money(row.before)} → ${format.money(row.after)}`);
  return <Chart option={option} height={40 + 38 * props.rows.length} description={`${props.title}: ${parts.join("; ")}.`} />;
}
