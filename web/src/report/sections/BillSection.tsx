import { useId, useState } from "react";
import { WaterfallChart } from "../../charts/WaterfallChart.tsx";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { Bill, BillGroup, BillMonth } from "../model.ts";

/** Cost per line id over the given months. */
export function line_costs(months: BillMonth[]): Map<string, number> {
  const costs = new Map<string, number>();
  for (const { line, cost } of months.flatMap((month) => month.lines)) costs.set(line, (costs.get(line) ?? 0) + cost);
  return costs;
}

function MonthPicker({ bill, month, choose }: { bill: Bill; month: string; choose: (month: string) => void }) {
  const { t, format } = useLocale();
  const id = useId();
  return (
    <span className="picker">
      <label htmlFor={id}>{t("bill.period")}</label>
      <select id={id} value={month} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("bill.whole_period")}</option>
        {bill.months.map((entry) => (
          <option key={entry.month} value={entry.month}>
            {format.calendar_month(entry.month)}
          </option>
        ))}
      </select>
    </span>
  );
}

function Waterfall({ bill }: { bill: Bill }) {
  const { t, pick, format } = useLocale();
  const [month, choose] = useState("");
  const months = month ? bill.months.filter((entry) => entry.month === month) : bill.months;
  const costs = line_costs(months);
  const total = month ? (months[0]?.total_cost ?? 0) : bill.total_cost;
  const rows = bill.lines.filter((line) => costs.has(line.id)).map((line) => ({ label: pick(line.label), value: costs.get(line.id) ?? 0 }));
  const title = month ? `${t("bill.title")}: ${format.calendar_month(month)}` : t("bill.title");
  const table = () => (
    <DataTable
      caption={t("figure.table_of", { title })}
      rows={rows}
      row_key={(_, index) => String(index)}
      columns={[
        { key: "line", label: t("bill.line"), cell: (row) => row.label, total: t("bill.total") },
        { key: "cost", label: `${t("bill.cost")} (${format.currency})`, align: "right", cell: (row) => format.amount(row.value), total: format.amount(total) },
        { key: "share", label: t("bill.share"), align: "right", cell: (row) => format.percent((100 * row.value) / (total || 1)), total: "" },
      ]}
    />
  );
  return (
    <Figure title={title} controls={<MonthPicker bill={bill} month={month} choose={choose} />} table={table}>
      <WaterfallChart title={title} steps={rows} total={{ label: t("bill.total"), value: total }} />
    </Figure>
  );
}

function MonthTable({ bill }: { bill: Bill }) {
  const { t, format } = useLocale();
  const group_of = new Map(bill.lines.map((line) => [line.id, line.group]));
  const groups = [...new Set(bill.lines.map((line) => line.group))];
  const group_cost = (months: BillMonth[], group: BillGroup) =>
    months.flatMap((month) => month.lines).reduce((sum, { line, cost }) => (group_of.get(line) === group ? sum + cost : sum), 0);
  const energy = bill.months.reduce((sum, month) => sum + month.energy_kwh, 0);
  const columns: Column<BillMonth>[] = [
    {
      key: "month",
      label: t("bill.month"),
      total: t("bill.total"),
      cell: (month) => (
        <>
          {format.calendar_month(month.month)}
          {month.incomplete && <sup>*</sup>}
        </>
      ),
    },
    { key: "energy", label: `${t("bill.energy")} (kWh)`, align: "right", cell: (month) => format.number(month.energy_kwh), total: format.number(energy) },
  ];
  if (bill.months.some((month) => typeof month.maximum_demand_kw === "number")) {
    columns.push({ key: "demand", label: `${t("bill.maximum_demand")} (kW)`, align: "right", cell: (month) => format.number(month.maximum_demand_kw, 1), total: "" });
  }
  if (bill.months.some((month) => typeof month.power_factor === "number")) {
    columns.push({ key: "factor", label: t("bill.power_factor"), align: "right", cell: (month) => format.number(month.power_factor, 2), total: "" });
  }
  for (const group of groups) {
    columns.push({
      key: group,
      label: t(`bill.group.${group}`),
      align: "right",
      cell: (month) => format.amount(group_cost([month], group)),
      total: format.amount(group_cost(bill.months, group)),
    });
  }
  columns.push({
    key: "total",
    label: `${t("bill.total")} (${format.currency})`,
    align: "right",
    cell: (month) => <b>{format.amount(month.total_cost)}</b>,
    total: format.amount(bill.total_cost),
  });
  return (
    <>
      <DataTable caption={t("bill.months", { currency: format.currency })} titled columns={columns} rows={bill.months} row_key={(month) => month.month} />
      {bill.months.some((month) => month.incomplete) && <p className="note">* {t("bill.incomplete")}</p>}
    </>
  );
}

export function BillSection({ data }: { data: Bill }) {
  return (
    <>
      <Waterfall bill={data} />
      <MonthTable bill={data} />
    </>
  );
}
