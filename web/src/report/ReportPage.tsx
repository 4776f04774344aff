import { useLocale } from "../i18n/locale.tsx";
import type { Language } from "../i18n/translate.ts";
import type { Report } from "./model.ts";
import { PageControls } from "./PageControls.tsx";
import { present_sections, SectionBody, type SectionKey } from "./sections.tsx";
import type { Theme } from "./theme.ts";

interface ReportPageProps {
  report: Report;
  language: Language;
  set_language: (language: Language) => void;
  theme: Theme;
  set_theme: (theme: Theme) => void;
}

function SiteHeader({ report }: { report: Report }) {
  const { t, pick, format } = useLocale();
  const { name, zone, currency, period } = report.site;
  return (
    <header className="site">
      <p className="kind">{t("page.kind")}</p>
      <h1>{pick(name)}</h1>
      <p className="period">
        {format.date(Date.parse(period.start))} – {format.date(Date.parse(period.end) - 1)}
      </p>
      <p className="small">
        {t("page.generated", { when: format.date_time(Date.parse(report.generated_at)), version: report.version })} · {t("page.zone", { zone })} ·{" "}
        {t("page.currency", { currency })}
      </p>
    </header>
  );
}

function Contents({ sections }: { sections: SectionKey[] }) {
  const { t } = useLocale();
  return (
    <nav className="contents" aria-label={t("page.contents")}>
      <ol>
        {sections.map((key) => (
          <li key={key}>
            <a href={`#${key}`}>{t(`section.${key}`)}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function SectionView({ name, report }: { name: SectionKey; report: Report }) {
  const { t, pick } = useLocale();
  const data = report[name];
  if (data === undefined) return null;
  const absent = "not_available" in data;
  return (
    <section id={name} className={absent ? "without-data" : undefined} aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>{t(`section.${name}`)}</h2>
      {absent ? (
        <p className="absent">{t("page.not_available", { reason: pick(data.not_available) })}</p>
      ) : (
        <SectionBody name={name} data={data} />
      )}
    </section>
  );
}

export function ReportPage({ report, ...controls }: ReportPageProps) {
  const { t } = useLocale();
  const sections = present_sections(report);
  return (
    <>
      <a className="skip" href="#report">
        {t("page.skip")}
      </a>
      <div className="bar">
        <span className="brand">
          <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M10 0l2.2 7.8L20 10l-7.8 2.2L10 20l-2.2-7.8L0 10l7.8-2.2z" fill="currentColor" />
          </svg>
          Loadstar
        </span>
        <PageControls {...controls} />
      </div>
      <div className="frame">
        <Contents sections={sections} />
        <main id="report">
          <SiteHeader report={report} />
          {sections.map((name) => (
            <SectionView key={name} name={name} report={report} />
          ))}
        </main>
      </div>
    </>
  );
}
