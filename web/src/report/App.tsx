import { useEffect, useState } from "react";
import { LocaleProvider } from "../i18n/locale.tsx";
import type { Language } from "../i18n/translate.ts";
import { ErrorPage } from "./ErrorPage.tsx";
import { ReportPage } from "./ReportPage.tsx";
import { starting_theme, type Theme } from "./theme.ts";
import type { Validation } from "./validate.ts";

interface AppProps {
  read: Validation;
  /** Query of the page's address: `lang` and `theme` overrule the data and the system. */
  address: URLSearchParams;
}

function starting_language(address: URLSearchParams, read: Validation): Language {
  const wanted = address.get("lang");
  if (wanted === "en" || wanted === "zh") return wanted;
  if (read.outcome === "report") return read.report.lang;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}

/** The whole page: the report, or why there is none. */
export function App({ read, address }: AppProps) {
  const [language, set_language] = useState(() => starting_language(address, read));
  const [theme, set_theme] = useState<Theme>(() => starting_theme(address));

  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    if (read.outcome === "report") document.title = read.report.site.name[language];
  }, [language, read]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);

  const { zone, currency } = read.outcome === "report" ? read.report.site : { zone: "UTC", currency: "XXX" };
  return (
    <LocaleProvider language={language} zone={zone} currency={currency}>
      {read.outcome === "report" ? (
        <ReportPage report={read.report} language={language} set_language={set_language} theme={theme} set_theme={set_theme} />
      ) : (
        <ErrorPage read={read} />
      )}
    </LocaleProvider>
  );
}
