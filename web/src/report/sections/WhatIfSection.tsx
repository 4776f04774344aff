import { useMemo } from "react";
import { palette, type Colour } from "../../charts/palette.ts";
import { StackedBars, type StackPart } from "../../charts/StackedBars.tsx";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable, type Column } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { ChosenSize, WhatIf, WhatIfScenario } from "../model.ts";

/** Colours of the dearest terms; what is left shares the last one. */
const COLOURS: Colour[] = [palette.measured, palette.forecast, palette.after, palette.battery, palette.generation, palette.price];

const cost_of = (scenario: WhatIfScenario, term: string) => scenario.terms.find(({ id }) => id === term)?.cost ?? 0;

/** Terms as parts of the bars, the dearest first; small ones together. */
function useParts({ terms, scenarios }: WhatIf): StackPart[] {
  const { t, pick } = useLocale();
  return useMemo(() => {
    const weight = (id: string) => Math.max(...scenarios.map((scenario) => Math.abs(cost_of(scenario, id))));
    const ranked = [...terms].sort((one, other) => weight(other.id) - weight(one.id));
    const shown = ranked.length > COLOURS.length + 1 ? ranked.slice(0, COLOURS.length) : ranked;
    const rest = ranked.slice(shown.length);
    const parts = shown.map(({ id, label }, index) => ({
      name: pick(label),
      colour: COLOURS[index] ?? palette.before,
      values: scenarios.map((scenario) => cost_of(scenario, id)),
    }));
    if (rest.length === 0) return parts;
    const others = scenarios.map((scenario) => rest.reduce((sum, { id }) => sum + cost_of(scenario, id), 0));
    return [...parts, { name: t("whatif.other_terms"), colour: palette.before, values: others }];
  }, [terms, scenarios, t, pick]);
}

/** Money by term, one column per scenario. */
function TermsTable({ data }: { data: WhatIf }) {
  const { t, pick, format } = useLocale();
  const columns: Column<WhatIf["terms"][number]>[] = data.scenarios.map((scenario) => ({
    key: scenario.id,
    label: `${pick(scenario.name)} (${format.currency})`,
    align: "right",
    cell: (term) => format.amount(cost_of(scenario, term.id)),
    total: format.amount(scenario.cost),
  }));
  return (
    <DataTable
      caption={t("whatif.by_term")}
      rows={data.terms}
      row_key={(term) => term.id}
      columns={[{ key: "term", label: t("costs.term"), wrap: true, cell: (term) => pick(term.label), total: t("costs.total") }, ...columns]}
    />
  );
}

function ScenariosTable({ data }: { data: WhatIf }) {
  const { t, pick, format } = useLocale();
  const number = (key: string, label: string, cell: (scenario: WhatIfScenario) => string): Column<WhatIfScenario> => ({ key, label, align: "right", cell });
  const money = (label: string) => `${label} (${format.currency})`;
  const some = (holds: (scenario: WhatIfScenario) => boolean) => data.scenarios.some(holds);
  const or_dash = (value: number | null | undefined, show: (value: number) => string) => (value === null || value === undefined ? "–" : show(value));
  const columns = [
    number("cost", money(t("whatif.cost")), ({ cost }) => format.amount(cost)),
    number("imported", `${t("whatif.imported")} (kWh)`, ({ imported_kwh }) => format.number(imported_kwh, 0)),
    number("peak", `${t("whatif.peak")} (kW)`, ({ peak_kw }) => format.number(peak_kw, 1)),
    some(({ carbon_tco2 }) => carbon_tco2 !== null) && number("carbon", "tCO₂", ({ carbon_tco2 }) => or_dash(carbon_tco2, (tonnes) => format.number(tonnes, 1))),
    number("saved", money(t("whatif.year_saved")), ({ saving_cost_per_year }) => or_dash(saving_cost_per_year, (saved) => format.number(saved, 0))),
    some(({ investment_cost }) => investment_cost > 0) &&
      number("investment", money(t("whatif.investment")), ({ investment_cost }) => (investment_cost > 0 ? format.number(investment_cost, 0) : "–")),
    some(({ payback_years }) => typeof payback_years === "number") &&
      number("payback", t("whatif.payback"), ({ payback_years }) => or_dash(payback_years, (years) => format.number(years, 1))),
  ].filter((column) => column !== false);
  return (
    <DataTable
      caption={t("whatif.title")}
      rows={data.scenarios}
      row_key={(scenario) => scenario.id}
      columns={[{ key: "name", label: t("whatif.scenario"), wrap: true, cell: (scenario) => pick(scenario.name) }, ...columns]}
    />
  );
}

/** What was chosen where scenarios left sizes open, and what its annuities leave of the saving. */
function SizesTable({ scenarios }: { scenarios: WhatIfScenario[] }) {
  const { t, pick, format } = useLocale();
  const rows = scenarios.flatMap(({ id, name, sizes = [] }) => sizes.map((size) => ({ ...size, scenario: id, of: `${pick(name)}: ${size.name}` })));
  type Row = ChosenSize & { scenario: string; of: string };
  const columns: Column<Row>[] = [
    { key: "name", label: t("whatif.size_name"), wrap: true, cell: ({ of }) => of },
    { key: "size", label: t("whatif.size"), align: "right", cell: ({ size }) => format.number(size, 1) },
    { key: "between", label: t("whatif.size_between"), align: "right", cell: ({ least, most }) => `${format.number(least, 0)} – ${format.number(most, 0)}` },
    {
      key: "sets",
      label: t("whatif.size_sets"),
      wrap: true,
      cell: ({ values }) => values.map(({ key, value }) => `${key} = ${format.number(value, 1)}`).join(", "),
    },
    { key: "investment", label: `${t("whatif.investment")} (${format.currency})`, align: "right", cell: ({ investment_cost }) => format.number(investment_cost, 0) },
    { key: "annuity", label: `${t("whatif.annuity")} (${format.currency})`, align: "right", cell: ({ annuity_cost_per_year }) => format.number(annuity_cost_per_year, 0) },
  ];
  const remark = ({ name, saving_cost_per_year, payback_years, annuity_cost_per_year = 0 }: WhatIfScenario) => {
    const saved = saving_cost_per_year ?? 0;
    return t(payback_years === null ? "whatif.size_never" : "whatif.size_left", {
      scenario: pick(name),
      saved: format.money(saved, 0),
      annuity: format.money(annuity_cost_per_year, 0),
      left: format.money(saved - annuity_cost_per_year, 0),
      payback: t("whatif.years", { years: format.number(payback_years, 1) }),
    });
  };
  return (
    <>
      <DataTable caption={t("whatif.sizes")} titled rows={rows} row_key={({ scenario, name }) => `${scenario} ${name}`} columns={columns} />
      {scenarios.map((scenario) => (
        <p key={scenario.id} className="note">
          {remark(scenario)}
        </p>
      ))}
    </>
  );
}

export function WhatIfSection({ data }: { data: WhatIf }) {
  const { t, pick, format } = useLocale();
  const parts = useParts(data);
  const base = data.scenarios.find(({ id }) => id === data.base)?.cost;
  const change = ({ id, cost }: WhatIfScenario) => (base && id !== data.base ? ` · ${format.signed((100 * (cost - base)) / base, 1)} %` : "");
  const bars = data.scenarios.map((scenario) => ({
    label: pick(scenario.name),
    total: scenario.cost,
    remark: `${format.money(scenario.cost, 0)}${change(scenario)}`,
  }));
  const title = t("whatif.by_term");
  const with_sizes = data.scenarios.filter(({ sizes }) => sizes !== undefined && sizes.length > 0);
  return (
    <>
      <p className="note">
        {t("whatif.period", {
          start: format.date(Date.parse(data.period.start)),
          end: format.date(Date.parse(data.period.end) - 1),
          base: pick(data.scenarios.find(({ id }) => id === data.base)?.name ?? { en: "", zh: "" }),
        })}
      </p>
      <Figure title={title} legend={parts.map(({ name, colour }) => ({ name, colour, look: "box" }))} table={() => <TermsTable data={data} />}>
        <StackedBars title={title} bars={bars} parts={parts} />
      </Figure>
      <ScenariosTable data={data} />
      {with_sizes.length > 0 && <SizesTable scenarios={with_sizes} />}
      <p className="note">{t("whatif.note")}</p>
    </>
  );
}
