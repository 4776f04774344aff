import { useMemo } from "react";
import { useLocale } from "../i18n/locale.tsx";
import { Figure, type LegendEntry } from "../ui/Figure.tsx";
import { DataTable, type Column } from "../ui/DataTable.tsx";
import { Chart } from "./Chart.tsx";
import { extent, value_at, type TimeSeries } from "./series.ts";
import { time_option, time_span, type TimeChartData } from "./time_option.ts";

interface TimeChartProps extends TimeChartData {
  title: string;
  note?: string;
  height?: number;
  /** Entries shown after those of the lines and the band, such as the tariff bands. */
  legend?: LegendEntry[];
}

interface TableColumn {
  name: string;
  series: TimeSeries;
}

/** Every series of the chart as a column, on the axis of the finest of them. */
function TimeTable({ data, title }: { data: TimeChartData; title: string }) {
  const { t, format } = useLocale();
  const columns: TableColumn[] = data.lines.map(({ name, series }) => ({ name, series }));
  if (data.band) columns.push({ name: `${data.band.name} ↓`, series: data.band.low }, { name: `${data.band.name} ↑`, series: data.band.high });
  const step = Math.min(...columns.map(({ series }) => series.step_minutes));
  const { start, end } = time_span(data);
  const times: number[] = [];
  for (let time = start; time < end; time += step * 60_000) times.push(time);
  const shown: Column<number>[] = [
    { key: "time", label: t("figure.time"), cell: (time) => format.day_time(time) },
    ...columns.map(({ name, series }, index) => ({
      key: String(index),
      label: `${name} (${data.unit})`,
      align: "right" as const,
      cell: (time: number) => format.number(value_at(series, time), data.decimals ?? 1),
    })),
  ];
  return <DataTable caption={t("figure.table_of", { title })} columns={shown} rows={times} row_key={String} tall />;
}

/** Series over time with a forecast band, tariff bands, reference lines and one mark, in the site's time zone. */
export function TimeChart({ title, note, height = 280, legend = [], ...props }: TimeChartProps) {
  const { t, format } = useLocale();
  const { unit, lines, band, shades, references, mark, decimals, span } = props;
  const data = useMemo<TimeChartData>(
    () => ({ unit, lines, band, shades, references, mark, decimals, span }),
    [unit, lines, band, shades, references, mark, decimals, span],
  );
  const option = useMemo(() => (width: number) => time_option(data, format, width), [data, format]);
  if (lines.every((line) => line.series.values.length === 0)) return null;

  const shown = time_span(data);
  const summaries = lines.map(({ name, series }) => {
    const [low, high] = extent(series.values) ?? [null, null];
    return t("figure.line_summary", { name, low: format.quantity(low, unit, decimals), high: format.quantity(high, unit, decimals) });
  });
  const ends = { start: format.date_time(shown.start), end: format.date_time(shown.end) };
  const entries: LegendEntry[] = [
    ...lines.map(({ name, colour, dashed }) => ({ name, colour, look: dashed ? ("dashed" as const) : ("line" as const) })),
    ...(band ? [{ name: band.name, colour: band.colour, look: "area" as const }] : []),
    ...legend,
  ];
  return (
    <Figure title={title} note={note} legend={entries} table={() => <TimeTable data={data} title={title} />}>
      <Chart option={option} height={height} description={`${t("figure.from_to", { title, ...ends })} ${summaries.join("; ")}.`} />
    </Figure>
  );
}
