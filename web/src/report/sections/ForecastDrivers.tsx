import { WaterfallChart } from "../../charts/WaterfallChart.tsx";
import type { Format } from "../../i18n/format.ts";
import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Figure } from "../../ui/Figure.tsx";
import type { DriverPart, ForecastDrivers as Drivers } from "../model.ts";

/** `08:00 +35.2, 09:00 +33.1` */
function hours_text(part: DriverPart, format: Format): string {
  return part.hours.map((hour) => `${format.time(Date.parse(hour.start))} ${format.signed(hour.mean_kw, 1)}`).join(", ");
}

/** What moves the forecast of a day away from the usual, driver by driver. */
export function ForecastDrivers({ data }: { data: Drivers }) {
  const { t, pick, format } = useLocale();
  const title = t("drivers.title", { day: format.day(Date.parse(data.period.start)) });
  const note = t("drivers.note", {
    base: format.quantity(data.base_kw, "kW", 1),
    forecast: format.quantity(data.forecast_kw, "kW", 1),
    when: format.date_time(Date.parse(data.issued_at)),
    method: pick(data.method),
  });
  const steps = data.parts.map((part) => ({ label: pick(part.name), value: part.mean_kw }));
  return (
    <>
      <Figure title={title} note={note}>
        <WaterfallChart title={title} steps={steps} total={{ label: t("drivers.departure"), value: data.departure_kw }} unit="kW" />
      </Figure>
      <DataTable
        caption={title}
        rows={data.parts}
        row_key={(part) => part.id}
        columns={[
          { key: "driver", label: t("drivers.driver"), cell: (part) => pick(part.name), total: t("drivers.departure") },
          { key: "mean", label: `${t("drivers.mean")} (kW)`, align: "right", cell: (part) => format.signed(part.mean_kw, 1), total: format.signed(data.departure_kw, 1) },
          { key: "share", label: t("drivers.share"), align: "right", cell: (part) => (part.share_percent === null ? format.percent(null) : format.change(part.share_percent)), total: "" },
          { key: "hours", label: `${t("drivers.hours")} (kW)`, cell: (part) => hours_text(part, format), total: "" },
        ]}
      />
    </>
  );
}
