import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { Replay, ReplayRow, ReplayTotals } from "../model.ts";

export function ReplaySection({ data }: { data: Replay }) {
  const { t, format } = useLocale();
  const { promised_saving_cost: promised, measured_saving_cost: measured } = data;
  const column = (key: string, label: string, cell: (row: ReplayTotals) => string) => ({
    key,
    label,
    align: "right" as const,
    cell: (row: ReplayRow) => cell(row),
    total: cell(data.total),
  });
  const money = (label: string) => `${label} (${format.currency})`;
  return (
    <>
      <DataTable
        caption={t("replay.title")}
        titled
        rows={data.rows}
        row_key={(row) => row.month}
        columns={[
          { key: "month", label: t("replay.month"), cell: (row: ReplayRow) => format.calendar_month(row.month), total: t("replay.total") },
          column("nothing", money(t("replay.do_nothing")), (row) => format.amount(row.do_nothing_cost)),
          column("plan", money(t("replay.plan")), (row) => format.amount(row.plan_cost)),
          column("perfect", money(t("replay.perfect")), (row) => format.amount(row.perfect_cost)),
          column("saved", money(t("replay.saved")), (row) => format.amount(row.do_nothing_cost - row.plan_cost)),
          column("kept", t("replay.kept"), (row) => format.percent(row.kept_percent)),
        ]}
      />
      {promised !== undefined && measured !== undefined && (
        <p className="note">{t("replay.promise", { promised: format.money(promised), measured: format.money(measured) })}</p>
      )}
      <p className="note">{t("replay.note")}</p>
    </>
  );
}
