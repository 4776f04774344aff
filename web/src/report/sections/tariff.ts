import type { Shade } from "../../charts/time_option.ts";
import type { Locale } from "../../i18n/locale.tsx";
import type { LegendEntry } from "../../ui/Figure.tsx";
import type { TariffBands } from "../model.ts";

/** Tariff bands as shades behind a time chart. A span of an unknown band is left out: it has no name to show. */
export function band_shades(bands: TariffBands | undefined, { pick, t, format }: Locale): Shade[] {
  if (!bands) return [];
  const by_id = new Map(bands.bands.map((band) => [band.id, band]));
  return bands.spans.flatMap(({ band, start, end, price_per_kwh }) => {
    const known = by_id.get(band);
    if (!known) return [];
    const note = typeof price_per_kwh === "number" ? t("band.price", { price: format.money(price_per_kwh, 4) }) : undefined;
    return [{ start: Date.parse(start), end: Date.parse(end), name: pick(known.label), note, look: { level: known.level } }];
  });
}

export function band_legend(bands: TariffBands | undefined, { pick }: Locale): LegendEntry[] {
  return (bands?.bands ?? []).map((band) => ({ name: pick(band.label), level: band.level }));
}
