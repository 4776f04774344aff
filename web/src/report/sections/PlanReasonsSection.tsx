import type { Format } from "../../i18n/format.ts";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { PlanReason, PlanReasons } from "../model.ts";

/** `Tue 6 Mar, 02:00 – 04:15`, with the second day only where it differs. */
export function stretch(start: string, end: string, format: Format): string {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const same_day = format.day(from) === format.day(to - 1);
  // Midnight ends the day before; on one line with it the plain clock time is clear.
  return `${format.day_time(from)} – ${same_day ? format.time(to) : format.day_time(to)}`;
}

export function PlanReasonsSection({ data }: { data: PlanReasons }) {
  const { t, pick, format } = useLocale();
  return (
    <DataTable<PlanReason>
      caption={t("reasons.title")}
      stacks
      rows={data.reasons}
      row_key={(_, index) => String(index)}
      columns={[
        { key: "when", label: t("reasons.when"), cell: (row) => stretch(row.start, row.end, format), total: t("reasons.total") },
        { key: "asset", label: t("reasons.asset"), wrap: true, cell: (row) => pick(row.asset), total: "" },
        { key: "action", label: t("reasons.action"), wrap: true, cell: (row) => pick(row.action), total: "" },
        { key: "reason", label: t("reasons.reason"), wrap: true, cell: (row) => pick(row.reason), total: "" },
        {
          key: "saving",
          label: `${t("reasons.saving")} (${format.currency})`,
          align: "right",
          cell: (row) => format.amount(row.saving_cost),
          total: format.amount(data.saving_cost),
        },
      ]}
    />
  );
}
