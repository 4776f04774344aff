import { useMemo } from "react";
import { palette } from "../../charts/palette.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import type { TimeLine } from "../../charts/time_option.ts";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { Plan, PlannedBattery, PlannedConverter, PlannedLoad, PlannedStore, Series } from "../model.ts";
import { band_legend, band_shades } from "./tariff.ts";

/** All charts of a plan show the planned period, so that they can be read one below the other. */
function planned_span({ period }: Plan) {
  return { start: Date.parse(period.start), end: Date.parse(period.end) };
}

function PlanStatement({ plan }: { plan: Plan }) {
  const { t, format } = useLocale();
  const saving = plan.before_cost - plan.after_cost;
  const percent = format.percent(plan.before_cost ? (100 * saving) / plan.before_cost : null);
  const amounts = { saving: format.money(saving, 2), percent, before: format.money(plan.before_cost, 2), after: format.money(plan.after_cost, 2) };
  const outcome = plan.outcome === "optimal" ? t("plan.outcome.optimal") : t("plan.outcome.feasible", { gap: format.percent(plan.gap_percent, 2) });
  const [start, end] = [format.date_time(Date.parse(plan.period.start)), format.date_time(Date.parse(plan.period.end))];
  return (
    <div className="summary">
      <p>
        <b>{t("plan.saves", amounts)}</b>
      </p>
      <p>
        {t("plan.period", { start, end })} · {t(`plan.basis.${plan.basis}`)} {outcome}
      </p>
    </div>
  );
}

function GridChart({ plan }: { plan: Plan }) {
  const locale = useLocale();
  const { t, pick } = locale;
  const chart = useMemo(() => {
    const lines: TimeLine[] = [
      { id: "load", name: t("plan.load"), series: plan.load_kw, colour: palette.measured, shape: "stairs", dashed: true },
      { id: "before", name: t("plan.import_before"), series: plan.import_before_kw, colour: palette.before, shape: "stairs" },
      { id: "after", name: t("plan.import_after"), series: plan.import_after_kw, colour: palette.after, shape: "stairs" },
    ];
    if (plan.generation_kw) {
      lines.push({ id: "generation", name: t("plan.generation"), series: plan.generation_kw, colour: palette.generation, shape: "stairs", filled: true });
    }
    return {
      lines,
      span: planned_span(plan),
      shades: band_shades(plan.tariff_bands, locale),
      references: plan.references?.map(({ label, kw }) => ({ name: pick(label), value: kw })),
    };
  }, [plan, locale, t, pick]);
  return <TimeChart title={t("plan.grid")} unit="kW" height={300} legend={band_legend(plan.tariff_bands, locale)} {...chart} />;
}

function BatteryCharts({ battery, plan }: { battery: PlannedBattery; plan: Plan }) {
  const locale = useLocale();
  const { t, pick, format } = locale;
  const name = pick(battery.name);
  const { power, level, common } = useMemo(() => {
    const line = { colour: palette.battery, filled: true };
    return {
      power: [{ ...line, id: "power", name: t("plan.power"), series: battery.power_kw, shape: "stairs" }] satisfies TimeLine[],
      level: [{ ...line, id: "level", name: t("plan.level"), series: battery.level_kwh }] satisfies TimeLine[],
      common: { height: 200, span: planned_span(plan), shades: band_shades(plan.tariff_bands, locale) },
    };
  }, [battery, plan, locale, t]);
  return (
    <div className="pair">
      <TimeChart title={t("plan.battery_power", { name })} unit="kW" lines={power} {...common} />
      <TimeChart title={t("plan.battery_level", { name, capacity: format.quantity(battery.capacity_kwh, "kWh") })} unit="kWh" lines={level} {...common} />
    </div>
  );
}

function StoreCharts({ store, plan }: { store: PlannedStore; plan: Plan }) {
  const locale = useLocale();
  const { t, pick, format } = locale;
  const name = pick(store.name);
  const { flow, level, common } = useMemo(() => {
    const line = { colour: palette.battery, filled: true };
    return {
      flow: [{ ...line, id: "flow", name: t("plan.flow"), series: store.flow, shape: "stairs" }] satisfies TimeLine[],
      level: [{ ...line, id: "level", name: t("plan.store_level_short"), series: store.level }] satisfies TimeLine[],
      common: { height: 200, span: planned_span(plan), shades: band_shades(plan.tariff_bands, locale) },
    };
  }, [store, plan, locale, t]);
  const per_hour = store.unit === "kWh" ? "kW" : `${store.unit}/h`;
  return (
    <div className="pair">
      <TimeChart title={t("plan.store_flow", { name })} unit={per_hour} lines={flow} {...common} />
      <TimeChart title={t("plan.store_level", { name, capacity: format.quantity(store.capacity, store.unit) })} unit={store.unit} lines={level} {...common} />
    </div>
  );
}

/** Set-points with and without the plan. */
function SetPointChart({ title, unit, before, after, plan }: { title: string; unit: string; before: Series; after: Series; plan: Plan }) {
  const locale = useLocale();
  const { t } = locale;
  const chart = useMemo(
    () => ({
      lines: [
        { id: "before", name: t("plan.before"), series: before, colour: palette.before, shape: "stairs", dashed: true },
        { id: "after", name: t("plan.after"), series: after, colour: palette.after, shape: "stairs", filled: true },
      ] satisfies TimeLine[],
      span: planned_span(plan),
      shades: band_shades(plan.tariff_bands, locale),
    }),
    [before, after, plan, locale, t],
  );
  return <TimeChart title={title} unit={unit} height={200} {...chart} />;
}

function ConverterChart({ converter, plan }: { converter: PlannedConverter; plan: Plan }) {
  const { t, pick } = useLocale();
  const title = t("plan.converter", { name: pick(converter.name), carrier: pick(converter.carrier) });
  return <SetPointChart title={title} unit={converter.unit} before={converter.before} after={converter.after} plan={plan} />;
}

function ShiftableChart({ load, plan }: { load: PlannedLoad; plan: Plan }) {
  const { t, pick } = useLocale();
  return <SetPointChart title={t("plan.shiftable", { name: pick(load.name) })} unit="kW" before={load.before_kw} after={load.after_kw} plan={plan} />;
}

function PriceChart({ plan }: { plan: Plan }) {
  const locale = useLocale();
  const { t, format } = locale;
  const chart = useMemo(
    () => ({
      lines: plan.price_per_kwh
        ? ([{ id: "price", name: t("plan.price"), series: plan.price_per_kwh, colour: palette.price, shape: "stairs", filled: true }] satisfies TimeLine[])
        : [],
      span: planned_span(plan),
      shades: band_shades(plan.tariff_bands, locale),
    }),
    [plan, locale, t],
  );
  return <TimeChart title={t("plan.price")} unit={`${format.currency}/kWh`} decimals={4} height={200} {...chart} />;
}

function Breaches({ breaches }: { breaches: NonNullable<Plan["breaches"]> }) {
  const { t, pick, format } = useLocale();
  return (
    <DataTable
      caption={t("plan.breaches")}
      titled
      rows={breaches}
      row_key={(_, index) => String(index)}
      columns={[
        { key: "limit", label: t("plan.breach_limit"), wrap: true, cell: (breach) => pick(breach.limit) },
        { key: "cost", label: t("plan.breach_cost"), align: "right", cell: (breach) => format.money(breach.cost, 2) },
      ]}
    />
  );
}

export function PlanSection({ data }: { data: Plan }) {
  return (
    <>
      <PlanStatement plan={data} />
      <GridChart plan={data} />
      {data.batteries?.map((battery) => <BatteryCharts key={battery.id} battery={battery} plan={data} />)}
      {data.stores?.map((store) => <StoreCharts key={store.id} store={store} plan={data} />)}
      <div className="pair">
        {data.converters?.map((converter) => <ConverterChart key={converter.id} converter={converter} plan={data} />)}
        {data.shiftable_loads?.map((load) => <ShiftableChart key={load.id} load={load} plan={data} />)}
        {data.price_per_kwh && <PriceChart plan={data} />}
      </div>
      {data.breaches && data.breaches.length > 0 && <Breaches breaches={data.breaches} />}
    </>
  );
}
