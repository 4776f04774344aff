import { useLocale } from "../i18n/locale.tsx";
import type { Language } from "../i18n/translate.ts";
import type { Theme } from "./theme.ts";

interface PageControlsProps {
  language: Language;
  set_language: (language: Language) => void;
  theme: Theme;
  set_theme: (theme: Theme) => void;
}

/** Each language is named in itself, so that nobody is locked out of their own. */
const LANGUAGES: { language: Language; name: string; tag: string }[] = [
  { language: "en", name: "English", tag: "en" },
  { language: "zh", name: "中文", tag: "zh-CN" },
];

export function PageControls({ language, set_language, theme, set_theme }: PageControlsProps) {
  const { t } = useLocale();
  const other: Theme = theme === "dark" ? "light" : "dark";
  return (
    <div className="controls">
      <div role="group" aria-label={t("page.language")} className="switch">
        {LANGUAGES.map((choice) => (
          <button key={choice.language} type="button" lang={choice.tag} aria-pressed={language === choice.language} onClick={() => set_language(choice.language)}>
            {choice.name}
          </button>
        ))}
      </div>
      <button type="button" aria-label={`${t("page.theme")}: ${t(`page.theme_${other}`)}`} onClick={() => set_theme(other)}>
        {t(`page.theme_${other}`)}
      </button>
      <button type="button" onClick={() => window.print()}>
        {t("page.print")}
      </button>
    </div>
  );
}
