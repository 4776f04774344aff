import { createContext, useContext, useMemo, type ReactNode } from "react";
import { make_format, type Format, type FormatSettings } from "./format.ts";
import { translate, type Key, type Parameters } from "./translate.ts";

/** Language of the page with everything that depends on it. */
export interface Locale {
  /** Label of the page. */
  t(key: Key, parameters?: Parameters): string;
  /** Text that came with the data, in the language of the page. */
  pick(text: { en: string; zh: string }): string;
  format: Format;
}

const LocaleContext = createContext<Locale | null>(null);

export function LocaleProvider({ language, zone, currency, children }: FormatSettings & { children: ReactNode }) {
  const locale = useMemo<Locale>(
    () => ({
      t: (key, parameters) => translate(language, key, parameters),
      pick: (text) => text[language],
      format: make_format({ language, zone, currency }),
    }),
    [language, zone, currency],
  );
  return <LocaleContext value={locale}>{children}</LocaleContext>;
}

export function useLocale(): Locale {
  const locale = useContext(LocaleContext);
  if (!locale) throw new Error("useLocale needs a LocaleProvider above it");
  return locale;
}
