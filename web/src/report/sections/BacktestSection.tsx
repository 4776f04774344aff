import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { Backtest, BacktestRow, BacktestTarget } from "../model.ts";

function TargetTable({ target }: { target: BacktestTarget }) {
  const { t, pick, format } = useLocale();
  const figure = (key: string, label: string, cell: (row: BacktestRow) => string) => ({ key, label, align: "right" as const, cell });
  const note = t("backtest.note", {
    origins: format.number(target.origins),
    start: format.date(Date.parse(target.period.start)),
    end: format.date(Date.parse(target.period.end)),
  });
  return (
    <>
      <DataTable
        caption={pick(target.name)}
        titled
        rows={target.rows}
        row_key={(_, index) => String(index)}
        row_class={(row) => (row.chosen ? "chosen" : row.naive ? "naive" : undefined)}
        columns={[
          {
            key: "method",
            label: t("backtest.method"),
            cell: (row) => (
              <>
                {pick(row.method)}
                {row.naive && <span className="mark">{t("backtest.naive")}</span>}
                {row.chosen && <span className="mark good">{t("backtest.chosen")}</span>}
              </>
            ),
          },
          figure("wape", "WAPE", (row) => format.percent(row.wape_percent, 2)),
          figure("mase", "MASE", (row) => format.number(row.mase, 3)),
          figure("crps", `CRPS (${target.unit})`, (row) => format.number(row.crps, 2)),
          figure("coverage", t("backtest.coverage"), (row) => format.percent(row.coverage_80_percent)),
          figure("width", `${t("backtest.width")} (${target.unit})`, (row) => format.number(row.width_80, 1)),
          figure("peak", t("backtest.peak_error"), (row) => format.percent(row.peak_error_percent, 2)),
        ]}
      />
      <p className="note">{note}</p>
    </>
  );
}

export function BacktestSection({ data }: { data: Backtest }) {
  const { t } = useLocale();
  return (
    <>
      {data.targets.map((target, index) => (
        <TargetTable key={index} target={target} />
      ))}
      <p className="note">{t("backtest.explain")}</p>
    </>
  );
}
