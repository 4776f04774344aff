import { useLocale } from "../i18n/locale.tsx";
import { REPORT_SCHEMA } from "./model.ts";
import type { Validation } from "./validate.ts";

const SHOWN = 20;

type Failure = Exclude<Validation, { outcome: "report" }>;

function Explanation({ read }: { read: Failure }) {
  const { t } = useLocale();
  switch (read.outcome) {
    case "no_data":
      return <p>{t("error.no_data")}</p>;
    case "not_json":
      return <p>{t("error.not_json", { message: read.message })}</p>;
    case "unknown_schema":
      return <p>{t("error.unknown_schema", { found: read.found, expected: REPORT_SCHEMA })}</p>;
    case "wrong_shape":
      return (
        <>
          <p>{t("error.wrong_shape", { expected: REPORT_SCHEMA, count: read.problems.length })}</p>
          <ul>
            {read.problems.slice(0, SHOWN).map(({ path, found, expected }) => (
              <li key={path}>
                <code>{t("error.problem", { path, found, wanted: expected })}</code>
              </li>
            ))}
          </ul>
          {read.problems.length > SHOWN && <p>{t("error.more", { count: read.problems.length - SHOWN })}</p>}
        </>
      );
  }
}

/** Says why there is no report, instead of a blank page. */
export function ErrorPage({ read }: { read: Failure }) {
  const { t } = useLocale();
  return (
    <main className="failure" role="alert">
      <h1>{t("error.title")}</h1>
      <Explanation read={read} />
    </main>
  );
}
