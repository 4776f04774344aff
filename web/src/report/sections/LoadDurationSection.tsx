import { CurveChart } from "../../charts/CurveChart.tsx";
import { useLocale } from "../../i18n/locale.tsx";
import type { LoadDuration } from "../model.ts";

export function LoadDurationSection({ data }: { data: LoadDuration }) {
  const { t, pick } = useLocale();
  return (
    <CurveChart
      title={t("duration.title", { meter: pick(data.meter) })}
      note={t("duration.note")}
      x={{ label: t("duration.hours"), unit: "h", values: data.hours }}
      y={{ label: t("duration.power"), unit: "kW", values: data.kw }}
      references={data.references?.map(({ label, kw }) => ({ name: pick(label), value: kw }))}
    />
  );
}
