import { useMemo } from "react";
import { palette } from "../../charts/palette.ts";
import { TimeChart } from "../../charts/TimeChart.tsx";
import type { Shade, TimeLine } from "../../charts/time_option.ts";
import { useLocale } from "../../i18n/locale.tsx";
import type { Alarm, Alarms } from "../model.ts";
import { stretch } from "./PlanReasonsSection.tsx";

const HOUR = 3_600_000;

function AlarmChart({ alarm }: { alarm: Alarm }) {
  const { t, pick } = useLocale();
  const chart = useMemo(() => {
    const lines: TimeLine[] = [];
    if (alarm.expected_kw) lines.push({ id: "expected", name: t("alarms.expected"), series: alarm.expected_kw, colour: palette.forecast, dashed: true });
    if (alarm.measured_kw) lines.push({ id: "measured", name: t("alarms.measured"), series: alarm.measured_kw, colour: palette.measured });
    const band =
      alarm.low_kw && alarm.high_kw ? { name: t("alarms.normal"), low: alarm.low_kw, high: alarm.high_kw, colour: palette.forecast } : undefined;
    const shades: Shade[] = [{ start: Date.parse(alarm.start), end: Date.parse(alarm.end), name: t("alarms.marked"), look: { colour: palette.alarm } }];
    return { lines, band, shades };
  }, [alarm, t]);
  if (chart.lines.length === 0) return null;
  return (
    <TimeChart
      title={t("alarms.chart", { meter: pick(alarm.meter) })}
      unit={alarm.unit ?? "kW"}
      height={220}
      legend={[{ name: t("alarms.marked"), colour: palette.alarm, look: "area" }]}
      {...chart}
    />
  );
}

function AlarmFacts({ alarm }: { alarm: Alarm }) {
  const { t, format } = useLocale();
  const hours = (Date.parse(alarm.end) - Date.parse(alarm.start)) / HOUR;
  return (
    <dl className="facts">
      <div>
        <dt>{t("alarms.duration")}</dt>
        <dd>{t("alarms.hours", { hours: format.number(hours, hours < 10 ? 1 : 0) })}</dd>
      </div>
      <div>
        <dt>{t("alarms.excess")}</dt>
        <dd>{format.quantity(alarm.excess_kwh, alarm.excess_unit ?? "kWh")}</dd>
      </div>
      <div>
        <dt>{t("alarms.cost")}</dt>
        <dd>{format.money(alarm.excess_cost)}</dd>
      </div>
    </dl>
  );
}

function AlarmCard({ alarm }: { alarm: Alarm }) {
  const { t, pick, format } = useLocale();
  return (
    <article className={`card alarm ${alarm.state}`}>
      <header>
        <h3>{pick(alarm.title)}</h3>
        <span className={`mark state-${alarm.state}`}>{t(`alarms.state.${alarm.state}`)}</span>
      </header>
      <p className="where">
        {pick(alarm.meter)} · {stretch(alarm.start, alarm.end, format)}
      </p>
      <AlarmFacts alarm={alarm} />
      {alarm.cause && (
        <p>
          <b>{t("alarms.cause")}:</b> {pick(alarm.cause)}
        </p>
      )}
      {alarm.evidence.length > 0 && (
        <>
          <h4>{t("alarms.evidence")}</h4>
          <ul className="evidence">
            {alarm.evidence.map((fact, index) => (
              <li key={index}>{pick(fact)}</li>
            ))}
          </ul>
        </>
      )}
      <AlarmChart alarm={alarm} />
    </article>
  );
}

export function AlarmsSection({ data }: { data: Alarms }) {
  const { t, format } = useLocale();
  const { alarms, found, false_alarms_allowed_per_month: allowed } = data;
  const count = found > alarms.length ? t("alarms.count", { found, shown: alarms.length }) : t("alarms.count_all", { found });
  return (
    <>
      <p className="lead">
        {found === 0 ? t("alarms.none") : count} {typeof allowed === "number" && t("alarms.allowed", { allowed: format.number(allowed, allowed % 1 ? 1 : 0) })}
      </p>
      {alarms.map((alarm) => (
        <AlarmCard key={alarm.id} alarm={alarm} />
      ))}
    </>
  );
}
