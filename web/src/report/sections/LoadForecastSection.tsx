import { useMemo } from "react";
import { palette } from "../../charts/palette.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import type { TimeLine } from "../../charts/time_option.ts";
import { useLocale } from "../../i18n/locale.tsx";
import type { LoadForecast } from "../model.ts";
import { ForecastDrivers } from "./ForecastDrivers.tsx";
import { band_legend, band_shades } from "./tariff.ts";

export function LoadForecastSection({ data }: { data: LoadForecast }) {
  const locale = useLocale();
  const { t, pick, format } = locale;
  const chart = useMemo(() => {
    const lines: TimeLine[] = [{ id: "median", name: t("load.median"), series: data.q50_kw, colour: palette.forecast, dashed: true }];
    if (data.measured_kw) lines.push({ id: "measured", name: t("load.measured"), series: data.measured_kw, colour: palette.measured });
    return {
      lines: lines.reverse(),
      band: { name: t("load.band"), low: data.q10_kw, high: data.q90_kw, colour: palette.forecast },
      shades: band_shades(data.tariff_bands, locale),
      mark: { time: Date.parse(data.issued_at), name: t("load.origin") },
    };
  }, [data, locale, t]);
  const issued = t("load.issued", { when: format.date_time(Date.parse(data.issued_at)), method: pick(data.method) });
  return (
    <>
      <TimeChart title={t("load.title", { meter: pick(data.meter) })} note={issued} unit="kW" height={320} legend={band_legend(data.tariff_bands, locale)} {...chart} />
      {data.drivers && <ForecastDrivers data={data.drivers} />}
    </>
  );
}
