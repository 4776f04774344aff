import { useMemo } from "react";
import { HeatMap, type HeatMapLabel } from "../../charts/HeatMap.tsx";
import { load_colour, load_gradient } from "../../charts/ramp.ts";
import { extent } from "../../charts/series.ts";
import type { Format } from "../../i18n/format.ts";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { YearHeatMap } from "../model.ts";

type Day = YearHeatMap["days"][number];

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** `2018-03-06` of an instant that carries the site's offset. */
const local_date = (instant: string) => instant.slice(0, 10);

/** One column per calendar day from the first to the last; a day without an entry is null. */
export function calendar_columns(days: Day[]): (Day | null)[] {
  const by_date = new Map(days.map((day) => [local_date(day.start), day]));
  const dates = [...by_date.keys()].sort();
  const first = Date.parse(`${dates[0]}T00:00:00Z`);
  const last = Date.parse(`${dates.at(-1)}T00:00:00Z`);
  const columns: (Day | null)[] = [];
  for (let date = first; date <= last; date += DAY) columns.push(by_date.get(new Date(date).toISOString().slice(0, 10)) ?? null);
  return columns;
}

/** From this many days on the months are named, below it one day of each week. */
const LONG = 70;

/** Labels under columns that stand for calendar days. */
export function day_labels(first_date: string, count: number, format: Format): HeatMapLabel[] {
  const labels: HeatMapLabel[] = [];
  for (let at = 0; at < count; at += 1) {
    const date = new Date(Date.parse(`${first_date}T00:00:00Z`) + at * DAY).toISOString().slice(0, 10);
    if (count >= LONG && date.endsWith("-01")) labels.push({ at, text: format.month_name(date.slice(0, 7)) });
    if (count < LONG && at % 7 === 0) labels.push({ at, text: format.short_day(date) });
  }
  return labels;
}

function DayTable({ data, title }: { data: YearHeatMap; title: string }) {
  const { t, format } = useLocale();
  const peak = (day: Day) => extent(day.mean_kw)?.[1] ?? null;
  const mean = (day: Day) => {
    const values = day.mean_kw.filter((value) => value !== null);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  };
  const peak_time = (day: Day) => {
    const high = peak(day);
    return high === null ? "–" : format.time(Date.parse(day.start) + day.mean_kw.indexOf(high) * data.step_minutes * MINUTE);
  };
  return (
    <DataTable
      caption={t("figure.table_of", { title })}
      tall
      rows={data.days}
      row_key={(day) => day.start}
      columns={[
        { key: "day", label: t("heat.day"), cell: (day) => format.calendar_day(local_date(day.start)) },
        { key: "mean", label: `${t("heat.mean")} (kW)`, align: "right", cell: (day) => format.number(mean(day), 1) },
        { key: "maximum", label: `${t("heat.maximum")} (kW)`, align: "right", cell: (day) => format.number(peak(day), 1) },
        { key: "at", label: t("heat.at"), align: "right", cell: peak_time },
        { key: "slots", label: t("heat.slots"), align: "right", cell: (day) => `${day.mean_kw.filter((value) => value !== null).length} / ${day.mean_kw.length}` },
      ]}
    />
  );
}

function Scale({ low, high }: { low: string; high: string }) {
  return (
    <p className="scale">
      {low}
      <span style={{ background: load_gradient }} />
      {high}
    </p>
  );
}

export function YearHeatMapSection({ data }: { data: YearHeatMap }) {
  const { t, pick, format } = useLocale();
  const { cells, columns, rows, range } = useMemo(() => {
    const columns = calendar_columns(data.days);
    return {
      columns,
      cells: columns.map((day) => day?.mean_kw ?? []),
      rows: Math.max(1, ...data.days.map((day) => day.mean_kw.length)),
      range: extent(data.days.flatMap((day) => day.mean_kw)) ?? ([0, 1] as [number, number]),
    };
  }, [data]);
  const colour = useMemo(() => {
    const [low, high] = range;
    return (value: number | null) => (value === null ? null : load_colour((value - low) / (high - low || 1)));
  }, [range]);
  const first = data.days[0];
  if (!first) return null;

  const [low, high] = range;
  const title = t("heat.title", { meter: pick(data.meter) });
  const limits = { low: format.quantity(low, "kW"), high: format.quantity(high, "kW") };
  const last = data.days.at(-1) ?? first;
  const hours = [0, 6, 12, 18].map((hour) => ({ at: (hour * 60) / data.step_minutes, text: `${String(hour).padStart(2, "0")}:00` }));
  const tell = (column: number, row: number) => {
    const day = columns[column];
    if (!day || row >= day.mean_kw.length) return null;
    const value = day.mean_kw[row];
    const shown = typeof value === "number" ? format.quantity(value, "kW", 1) : t("heat.missing");
    return `${format.day_time(Date.parse(day.start) + row * data.step_minutes * MINUTE)}: ${shown}`;
  };
  return (
    <Figure title={title} note={t("heat.note", { step: data.step_minutes })} controls={<Scale {...limits} />} table={() => <DayTable data={data} title={title} />}>
      <HeatMap
        cells={cells}
        rows={rows}
        height={256}
        colour={colour}
        gutter="3.4rem"
        row_labels={hours}
        column_labels={day_labels(local_date(first.start), cells.length, format)}
        tell={tell}
        description={`${title}. ${t("heat.summary", { days: data.days.length, start: format.calendar_day(local_date(first.start)), end: format.calendar_day(local_date(last.start)), ...limits })}`}
      />
    </Figure>
  );
}
