import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { Replay, ReplayCost, ReplayRow, ReplayTotals } from "../model.ts";

/** What the totals are made of, where that is more than one bill. */
function CostsTable({ costs }: { costs: ReplayCost[] }) {
  const { t, pick, format } = useLocale();
  const money = (label: string) => `${label} (${format.currency})`;
  return (
    <DataTable
      caption={t("replay.costs")}
      titled
      rows={costs}
      row_key={(cost) => cost.id}
      columns={[
        { key: "cost", label: t("costs.term"), wrap: true, cell: (cost) => pick(cost.label) },
        { key: "nothing", label: money(t("replay.do_nothing")), align: "right", cell: (cost) => format.amount(cost.do_nothing_cost) },
        { key: "plan", label: money(t("replay.plan")), align: "right", cell: (cost) => format.amount(cost.plan_cost) },
        { key: "perfect", label: money(t("replay.perfect")), align: "right", cell: (cost) => format.amount(cost.perfect_cost) },
      ]}
    />
  );
}

function Unserved({ needs }: { needs: NonNullable<Replay["unserved"]> }) {
  const { t, pick, format } = useLocale();
  return needs.map(({ carrier, unit, plan_amount, do_nothing_amount }) => (
    <p key={carrier.en} className="note">
      {t("replay.unserved", { carrier: pick(carrier), plan: format.quantity(plan_amount, unit), nothing: format.quantity(do_nothing_amount, unit) })}
    </p>
  ));
}

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
      {data.costs && data.costs.length > 1 && <CostsTable costs={data.costs} />}
      {data.unserved && <Unserved needs={data.unserved} />}
      {promised !== undefined && measured !== undefined && (
        <p className="note">{t("replay.promise", { promised: format.money(promised), measured: format.money(measured) })}</p>
      )}
      <p className="note">{t("replay.note")}</p>
    </>
  );
}
