import { palette } from "../../charts/palette.ts";
import { PairBars } from "../../charts/PairBars.tsx";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { PlanCosts } from "../model.ts";

export function PlanCostsSection({ data }: { data: PlanCosts }) {
  const { t, pick, format } = useLocale();
  const rows = data.terms.map((term) => ({ label: pick(term.label), before: term.before_cost, after: term.after_cost }));
  const title = t("costs.title");
  const money = (label: string) => `${label} (${format.currency})`;
  return (
    <>
      <Figure
        title={title}
        legend={[
          { name: t("costs.before"), colour: palette.before, look: "box" },
          { name: t("costs.after"), colour: palette.after, look: "box" },
        ]}
      >
        <PairBars title={title} before={t("costs.before")} after={t("costs.after")} rows={rows} />
      </Figure>
      <DataTable
        caption={title}
        rows={rows}
        row_key={(_, index) => String(index)}
        columns={[
          { key: "term", label: t("costs.term"), cell: (row) => row.label, total: t("costs.total") },
          { key: "before", label: money(t("costs.before")), align: "right", cell: (row) => format.amount(row.before), total: format.amount(data.before_cost) },
          { key: "after", label: money(t("costs.after")), align: "right", cell: (row) => format.amount(row.after), total: format.amount(data.after_cost) },
          {
            key: "change",
            label: money(t("costs.change")),
            align: "right",
            cell: (row) => format.amount(row.after - row.before),
            total: format.amount(data.after_cost - data.before_cost),
          },
        ]}
      />
    </>
  );
}
