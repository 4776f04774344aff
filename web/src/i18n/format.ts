import type { Language } from "./translate.ts";

/** What decides how figures and times look. */
export interface FormatSettings {
  language: Language;
  /** IANA zone that local times are shown in. */
  zone: string;
  /** ISO 4217 code. */
  currency: string;
}

export type Format = ReturnType<typeof make_format>;

const DASH = "–";
const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

/** Money below this is shown with cents unless told otherwise. */
const CENTS_BELOW = 1000;

/** Formats for one language, zone and currency; every formatter is made once. */
export function make_format({ language, zone, currency }: FormatSettings) {
  const locale = LOCALES[language];
  const numbers = new Map<string, Intl.NumberFormat>();

  function number_format(decimals: number, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
    const key = `${decimals}${JSON.stringify(options)}`;
    let format = numbers.get(key);
    if (!format) {
      format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, ...options });
      numbers.set(key, format);
    }
    return format;
  }

  function times(options: Intl.DateTimeFormatOptions, time_zone: string = zone): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(locale, { timeZone: time_zone, ...options });
  }

  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const formats = {
    date: times({ day: "numeric", month: "short", year: "numeric" }),
    day: times({ day: "numeric", month: "short", weekday: "short" }),
    date_time: times({ day: "numeric", month: "short", year: "numeric", ...clock }),
    day_time: times({ day: "numeric", month: "short", weekday: "short", ...clock }),
    time: times(clock),
    calendar_day: times({ day: "numeric", month: "short", year: "numeric", weekday: "short" }, "UTC"),
    short_day: times({ day: "numeric", month: "short" }, "UTC"),
    calendar_month: times({ month: "short", year: "numeric" }, "UTC"),
    month_name: times({ month: "short" }, "UTC"),
  };
  // "negative" instead of "auto": what is rounded to zero has no sign.
  const money_style = { style: "currency", currency, currencyDisplay: language === "en" ? "code" : "symbol", signDisplay: "negative" } as const;

  function money(value: number | null | undefined, decimals?: number): string {
    if (value === null || value === undefined) return DASH;
    return number_format(decimals ?? (Math.abs(value) < CENTS_BELOW ? 2 : 0), money_style).format(value);
  }

  function number(value: number | null | undefined, decimals = 0): string {
    if (value === null || value === undefined) return DASH;
    return number_format(decimals, { signDisplay: "negative" }).format(value);
  }

  /** A figure with its unit: money where the unit is the currency, `12.3 %`, `1,234 kWh`. */
  function quantity(value: number | null | undefined, unit: string, decimals?: number): string {
    if (value === null || value === undefined) return DASH;
    if (unit === currency) return money(value, decimals);
    return `${number(value, decimals ?? 0)}\u00a0${unit}`;
  }

  return {
    language,
    zone,
    currency,
    number,
    money,
    quantity,
    /** Amount without the currency, two digits: for columns of a table that says the currency once. */
    amount: (value: number | null | undefined) => number(value, 2),
    percent: (value: number | null | undefined, decimals = 1) => quantity(value, "%", decimals),
    /** With its sign, `+4.2`. */
    signed: (value: number, decimals = 0) => number_format(decimals, { signDisplay: "exceptZero" }).format(value),
    /** With its sign, `+4.2 %`. */
    change: (value: number, decimals = 1) => `${number_format(decimals, { signDisplay: "exceptZero" }).format(value)}\u00a0%`,
    date: (instant: number) => formats.date.format(instant),
    day: (instant: number) => formats.day.format(instant),
    date_time: (instant: number) => formats.date_time.format(instant),
    day_time: (instant: number) => formats.day_time.format(instant),
    time: (instant: number) => formats.time.format(instant),
    calendar_day: (date: string) => formats.calendar_day.format(Date.parse(`${date}T00:00:00Z`)),
    short_day: (date: string) => formats.short_day.format(Date.parse(`${date}T00:00:00Z`)),
    calendar_month: (month: string) => formats.calendar_month.format(Date.parse(`${month}-01T00:00:00Z`)),
    month_name: (month: string) => formats.month_name.format(Date.parse(`${month}-01T00:00:00Z`)),
  };
}
