import { useLocale } from "../../i18n/locale.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import type { Advice, AdviceList, ExaminedTopic } from "../model.ts";

function Fact({ label, value, per_year = false }: { label: string; value: string; per_year?: boolean }) {
  const { t } = useLocale();
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value} {per_year && <small>{t("advice.per_year")}</small>}
      </dd>
    </div>
  );
}

type Savings = Pick<Advice, "saving_cost_per_year" | "saving_kwh_per_year" | "saving_tco2_per_year" | "investment_cost" | "payback_years">;

function AdviceFacts({ advice }: { advice: Savings }) {
  const { t, format } = useLocale();
  const { saving_cost_per_year: cost, saving_kwh_per_year: energy, saving_tco2_per_year: carbon, investment_cost, payback_years } = advice;
  return (
    <dl className="facts">
      {cost !== null && <Fact label={t("advice.money")} value={format.money(cost, 0)} per_year />}
      {energy !== null && Math.abs(energy) >= 1 && <Fact label={t("advice.energy")} value={format.quantity(energy, "kWh")} per_year />}
      {carbon !== null && Math.abs(carbon) >= 0.05 && <Fact label={t("advice.carbon")} value={format.quantity(carbon, "tCO₂", 1)} per_year />}
      {typeof investment_cost === "number" && <Fact label={t("advice.investment")} value={format.money(investment_cost, 0)} />}
      {typeof payback_years === "number" && <Fact label={t("advice.payback")} value={t("advice.years", { years: format.number(payback_years, 1) })} />}
    </dl>
  );
}

/** Topic of an advice: what stands before the first point of its id. */
const topic_of = (id: string) => id.split(".")[0] ?? id;

/** `others` = all advice of the list, to name those that overlap. */
function AdviceCard({ advice, rank, others }: { advice: Advice; rank: number; others: Advice[] }) {
  const { t, pick } = useLocale();
  const overlapping = others.filter((other) => other !== advice && advice.overlaps?.includes(topic_of(other.id)));
  return (
    <li className="card advice">
      <header>
        <h3>
          <span className="rank">{rank}</span>
          {pick(advice.title)}
        </h3>
        <span className={`mark confidence-${advice.confidence}`}>{t(`advice.confidence.${advice.confidence}`)}</span>
      </header>
      <p>{pick(advice.text)}</p>
      <AdviceFacts advice={advice} />
      {advice.evidence.length > 0 && (
        <>
          <h4>{t("advice.evidence")}</h4>
          <ul className="evidence">
            {advice.evidence.map((fact, index) => (
              <li key={index}>{pick(fact)}</li>
            ))}
          </ul>
        </>
      )}
      {overlapping.length > 0 && <p className="note">{t("advice.overlaps", { titles: overlapping.map((other) => pick(other.title)).join("; ") })}</p>}
      {advice.confidence_reason && (
        <p className="note">
          <b>{t("advice.why_confidence")}:</b> {pick(advice.confidence_reason)}
        </p>
      )}
      <p className="note">
        <b>{t("advice.how")}:</b> {pick(advice.how_computed)}
      </p>
    </li>
  );
}

function Together({ together }: { together: NonNullable<AdviceList["together"]> }) {
  const { t, pick } = useLocale();
  const dropped = together.no_longer_worth_it.map(pick).join("; ");
  return (
    <div className="summary">
      <p>
        <b>{t("advice.together")}</b>
      </p>
      <AdviceFacts advice={together} />
      {dropped && <p>{t("advice.no_longer_worth_it", { titles: dropped })}</p>}
    </div>
  );
}

function Examined({ topics }: { topics: ExaminedTopic[] }) {
  const { t, pick } = useLocale();
  return (
    <DataTable
      caption={t("advice.examined")}
      titled
      stacks
      rows={topics}
      row_key={(topic) => topic.topic}
      columns={[
        { key: "topic", label: t("advice.topic"), wrap: true, cell: (topic) => pick(topic.title) },
        { key: "verdict", label: t("advice.verdict"), cell: (topic) => t(`advice.verdict.${topic.verdict}`) },
        { key: "remark", label: t("advice.remark"), wrap: true, cell: (topic) => pick(topic.remark) },
      ]}
    />
  );
}

export function AdviceSection({ data }: { data: AdviceList }) {
  const { t } = useLocale();
  const others = data.examined?.filter((topic) => topic.verdict !== "advised") ?? [];
  return (
    <>
      {data.advice.length === 0 && <p className="lead">{t("advice.none")}</p>}
      {data.together && <Together together={data.together} />}
      <ol className="cards">
        {data.advice.map((advice, index) => (
          <AdviceCard key={advice.id} advice={advice} rank={index + 1} others={data.advice} />
        ))}
      </ol>
      {others.length > 0 && <Examined topics={others} />}
    </>
  );
}
