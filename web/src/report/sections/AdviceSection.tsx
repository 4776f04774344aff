import { useLocale } from "../../i18n/locale.tsx";
import type { Advice, AdviceList } from "../model.ts";

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

function AdviceFacts({ advice }: { advice: Advice }) {
  const { t, format } = useLocale();
  const { saving_cost_per_year: cost, saving_kwh_per_year: energy, saving_tco2_per_year: carbon, investment_cost, payback_years } = advice;
  return (
    <dl className="facts">
      {cost !== null && <Fact label={t("advice.money")} value={format.money(cost, 0)} per_year />}
      {energy !== null && <Fact label={t("advice.energy")} value={format.quantity(energy, "kWh")} per_year />}
      {carbon !== null && <Fact label={t("advice.carbon")} value={format.quantity(carbon, "tCO₂", 1)} per_year />}
      {typeof investment_cost === "number" && <Fact label={t("advice.investment")} value={format.money(investment_cost, 0)} />}
      {typeof payback_years === "number" && <Fact label={t("advice.payback")} value={t("advice.years", { years: format.number(payback_years, 1) })} />}
    </dl>
  );
}

function AdviceCard({ advice, rank }: { advice: Advice; rank: number }) {
  const { t, pick } = useLocale();
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
      <p className="note">
        <b>{t("advice.how")}:</b> {pick(advice.how_computed)}
      </p>
    </li>
  );
}

export function AdviceSection({ data }: { data: AdviceList }) {
  const { t } = useLocale();
  if (data.advice.length === 0) return <p className="lead">{t("advice.none")}</p>;
  return (
    <ol className="cards">
      {data.advice.map((advice, index) => (
        <AdviceCard key={advice.id} advice={advice} rank={index + 1} />
      ))}
    </ol>
  );
}
