import { useMemo } from "react";
import { HeatMap } from "../../charts/HeatMap.tsx";
import { coverage_colour } from "../../charts/ramp.ts";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { DataQuality, SeriesCoverage } from "../model.ts";
import { day_labels } from "./YearHeatMapSection.tsx";

const DAY = 86_400_000;
/** Height of a row, px: lower where there are many. */
const row_height = (rows: number) => (rows > 15 ? 17 : 24);

const day_number = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY;
const day_name = (number: number) => new Date(number * DAY).toISOString().slice(0, 10);

/** All series on one calendar: `cells[day][series]`, blank where a series has not begun or has ended. */
export function coverage_cells(coverage: SeriesCoverage[]): { first_day: string; cells: (number | null)[][] } {
  const first = Math.min(...coverage.map((series) => day_number(series.first_day)));
  const last = Math.max(...coverage.map((series) => day_number(series.first_day) + series.daily_percent.length));
  const cells: (number | null)[][] = [];
  for (let day = first; day < last; day += 1) {
    cells.push(coverage.map((series) => series.daily_percent[day - day_number(series.first_day)] ?? null));
  }
  return { first_day: day_name(first), cells };
}

function CoverageTable({ coverage, title }: { coverage: SeriesCoverage[]; title: string }) {
  const { t, pick, format } = useLocale();
  const days = (series: SeriesCoverage, matches: (percent: number) => boolean) =>
    format.number(series.daily_percent.filter((percent) => percent !== null && matches(percent)).length);
  return (
    <DataTable
      caption={t("figure.table_of", { title })}
      rows={coverage}
      row_key={(series) => series.id}
      columns={[
        { key: "series", label: t("quality.series"), cell: (series) => pick(series.name) },
        { key: "share", label: t("quality.share"), align: "right", cell: (series) => format.percent(series.coverage_percent, 2) },
        { key: "short", label: t("quality.days_short"), align: "right", cell: (series) => days(series, (percent) => percent < 100) },
        { key: "none", label: t("quality.days_none"), align: "right", cell: (series) => days(series, (percent) => percent === 0) },
      ]}
    />
  );
}

const cell_colour = (percent: number | null) => (percent === null ? null : coverage_colour(percent));

function CoverageCalendar({ coverage }: { coverage: SeriesCoverage[] }) {
  const { t, pick, format } = useLocale();
  const { first_day, cells } = useMemo(() => coverage_cells(coverage), [coverage]);
  const title = t("quality.coverage");
  const tell = (column: number, row: number) => {
    const percent = cells[column]?.[row];
    const series = coverage[row];
    if (typeof percent !== "number" || !series) return null;
    return `${pick(series.name)}, ${format.calendar_day(day_name(day_number(first_day) + column))}: ${format.percent(percent)}`;
  };
  return (
    <Figure title={title} note={t("quality.coverage_note")} table={() => <CoverageTable coverage={coverage} title={title} />}>
      <HeatMap
        cells={cells}
        rows={coverage.length}
        height={coverage.length * row_height(coverage.length)}
        colour={cell_colour}
        gutter="clamp(6rem, 24%, 15rem)"
        row_labels={coverage.map((series, at) => ({ at, text: pick(series.name) }))}
        column_labels={day_labels(first_day, cells.length, format)}
        tell={tell}
        description={`${title}: ${coverage.map((series) => `${pick(series.name)} ${format.percent(series.coverage_percent)}`).join("; ")}.`}
      />
    </Figure>
  );
}

function RowCounts({ data }: { data: DataQuality }) {
  const { t, format } = useLocale();
  return (
    <>
      <dl className="facts wide">
        {(["readings_accepted", "rows_repaired", "rows_rejected"] as const).map((key) => (
          <div key={key}>
            <dt>{t(`quality.${key}`)}</dt>
            <dd>{format.number(data[key])}</dd>
          </div>
        ))}
      </dl>
      {data.reasons.length === 0 && <p className="note">{t("quality.all_taken")}</p>}
    </>
  );
}

export function DataQualitySection({ data }: { data: DataQuality }) {
  const { t, pick, format } = useLocale();
  return (
    <>
      <RowCounts data={data} />
      {data.coverage.length > 0 && <CoverageCalendar coverage={data.coverage} />}
      {data.reasons.length > 0 && (
        <DataTable
          caption={t("quality.reasons")}
          titled
          rows={data.reasons}
          row_key={(reason) => `${reason.code} ${reason.outcome}`}
          columns={[
            { key: "reason", label: t("quality.reason"), wrap: true, cell: (reason) => <>{pick(reason.label)} <code>{reason.code}</code></> },
            { key: "outcome", label: t("quality.outcome"), cell: (reason) => t(`quality.outcome.${reason.outcome}`) },
            { key: "count", label: t("quality.count"), align: "right", cell: (reason) => format.number(reason.count) },
          ]}
        />
      )}
      {data.examples.length > 0 && (
        <DataTable
          caption={t("quality.examples")}
          titled
          stacks
          rows={data.examples}
          row_key={(_, index) => String(index)}
          columns={[
            { key: "where", label: t("quality.where"), cell: (row) => <code>{`${row.file}:${row.line}`}</code> },
            { key: "column", label: t("quality.column"), cell: (row) => row.column || "–" },
            { key: "message", label: t("quality.message"), wrap: true, cell: (row) => pick(row.message) },
          ]}
        />
      )}
    </>
  );
}
