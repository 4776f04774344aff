import type { ComponentType } from "react";
import type { NotAvailable, Report } from "./model.ts";
import { AdviceSection } from "./sections/AdviceSection.tsx";
import { AlarmsSection } from "./sections/AlarmsSection.tsx";
import { BacktestSection } from "./sections/BacktestSection.tsx";
import { BillSection } from "./sections/BillSection.tsx";
import { DataQualitySection } from "./sections/DataQualitySection.tsx";
import { KeyFiguresSection } from "./sections/KeyFiguresSection.tsx";
import { LoadDurationSection } from "./sections/LoadDurationSection.tsx";
import { LoadForecastSection } from "./sections/LoadForecastSection.tsx";
import { PlanCostsSection } from "./sections/PlanCostsSection.tsx";
import { PlanReasonsSection } from "./sections/PlanReasonsSection.tsx";
import { PlanSection } from "./sections/PlanSection.tsx";
import { ReplaySection } from "./sections/ReplaySection.tsx";
import { WhatIfSection } from "./sections/WhatIfSection.tsx";
import { YearHeatMapSection } from "./sections/YearHeatMapSection.tsx";

type HeadKeys = "schema" | "generated_at" | "version" | "lang" | "site";

/** Keys of the report that are sections. */
export type SectionKey = Exclude<keyof Report, HeadKeys>;
type SectionData<K extends SectionKey> = Exclude<NonNullable<Report[K]>, NotAvailable>;

/** What draws each section, in the order of the page: what it costs and what to do first, how it was measured last. */
const components: { [K in SectionKey]-?: ComponentType<{ data: SectionData<K> }> } = {
  key_figures: KeyFiguresSection,
  bill: BillSection,
  advice: AdviceSection,
  alarms: AlarmsSection,
  load_forecast: LoadForecastSection,
  plan: PlanSection,
  plan_costs: PlanCostsSection,
  plan_reasons: PlanReasonsSection,
  replay: ReplaySection,
  what_if: WhatIfSection,
  year_heat_map: YearHeatMapSection,
  load_duration: LoadDurationSection,
  backtest: BacktestSection,
  data_quality: DataQualitySection,
};

export const section_keys = Object.keys(components) as SectionKey[];

/** Sections of this report that have something to show: data, or the reason why there is none. */
export function present_sections(report: Report): SectionKey[] {
  return section_keys.filter((key) => report[key] !== undefined);
}

export function SectionBody<K extends SectionKey>({ name, data }: { name: K; data: SectionData<K> }) {
  const Component = components[name] as ComponentType<{ data: SectionData<K> }>;
  return <Component data={data} />;
}
