import { useMemo } from "react";
import { useLocale } from "../i18n/locale.tsx";
import type { Format } from "../i18n/format.ts";
import { DataTable } from "../ui/DataTable.tsx";
import { Figure } from "../ui/Figure.tsx";
import { nice_range, tick_decimals } from "./axis.ts";
import { Chart, type ChartOption } from "./Chart.tsx";
import { palette } from "./palette.ts";
import { extent } from "./series.ts";
import { tooltip_content, tooltip_style } from "./tooltip.ts";

interface CurveChartProps {
  title: string;
  note?: string;
  x: { label: string; unit: string; values: number[] };
  y: { label: string; unit: string; values: number[] };
  references?: { name: string; value: number }[];
}

function curve_option({ x, y, references = [] }: CurveChartProps, format: Format): ChartOption {
  const [low, high] = extent([...y.values, ...references.map((reference) => reference.value)]) ?? [0, 1];
  const range = nice_range(low, high);
  const last = x.values.at(-1) ?? 1;
  return {
    grid: { left: 56, right: 20, top: 28, bottom: 40 },
    xAxis: {
      type: "value",
      min: 0,
      max: last,
      name: x.unit,
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: { color: palette.muted },
      axisLabel: { color: palette.muted, hideOverlap: true, formatter: (value: number) => format.number(value) },
      axisLine: { lineStyle: { color: palette.grid } },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      ...range,
      name: y.unit,
      nameTextStyle: { color: palette.muted, align: "left", padding: [0, 0, 0, -52] },
      axisLabel: { color: palette.muted, formatter: (value: number) => format.number(value, tick_decimals(range.interval)) },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    tooltip: {
      ...tooltip_style,
      trigger: "axis",
      axisPointer: { label: { show: false } },
      formatter: (params) => {
        const first = (Array.isArray(params) ? params.at(-1) : params) as unknown as { dataIndex: number };
        const value = y.values[first.dataIndex];
        return tooltip_content(format.quantity(x.values[first.dataIndex], x.unit), [
          { name: y.label, value: format.quantity(value, y.unit), colour: palette.measured },
        ]);
      },
    },
    series: [
      ...references.map(({ name, value }, index) => ({
        type: "line" as const,
        id: `reference-${index}`,
        silent: true,
        showSymbol: false,
        data: [
          [0, value],
          [last, value],
        ],
        lineStyle: { color: palette.reference, width: 1.2, type: [6, 3] },
        endLabel: { show: true, formatter: `${name} ${format.quantity(value, y.unit)}`, color: palette.ink, fontSize: 11, align: "right" as const, verticalAlign: "bottom" as const, offset: [-8, -3] },
      })),
      {
        type: "line",
        id: "curve",
        silent: true,
        showSymbol: false,
        data: x.values.map((value, index) => [value, y.values[index] ?? null]),
        lineStyle: { color: palette.measured, width: 2 },
        itemStyle: { color: palette.measured },
        areaStyle: { color: palette.measured, opacity: 0.12, origin: 0 },
      },
    ],
  };
}

/** One falling or rising curve over a plain number, such as a load duration curve. */
export function CurveChart(props: CurveChartProps) {
  const { t, format } = useLocale();
  const { title, note, x, y } = props;
  const option = useMemo(() => () => curve_option(props, format), [props, format]);
  const [low, high] = extent(y.values) ?? [null, null];
  const summary = t("figure.line_summary", { name: y.label, low: format.quantity(low, y.unit), high: format.quantity(high, y.unit) });
  const table = () => (
    <DataTable
      caption={t("figure.table_of", { title })}
      tall
      rows={x.values.map((_, index) => index)}
      row_key={String}
      columns={[
        { key: "x", label: `${x.label} (${x.unit})`, align: "right", cell: (index) => format.number(x.values[index], 2) },
        { key: "y", label: `${y.label} (${y.unit})`, align: "right", cell: (index) => format.number(y.values[index], 1) },
      ]}
    />
  );
  return (
    <Figure title={title} note={note} table={table}>
      <Chart option={option} height={280} description={`${title}. ${summary}.`} />
    </Figure>
  );
}
