// Today in large words, and the last weeks below it.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../components/Icon";
import { Empty, Loaded } from "../components/Loaded";
import { timesOf } from "../logic/times";
import { fetchDays, pictureOf } from "./api";
import type { Child, Day, Family, Step } from "./types";

/** A parent who waits looks often; a minute is soon enough, and messages come by themselves. */
const EVERY_MS = 60_000;

export function Days({ family, child }: { family: Family; child: Child }): ReactElement {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ["days", child.id], queryFn: () => fetchDays(child.id), refetchInterval: EVERY_MS });
  const [first, ...earlier] = asked.data ?? [];
  const none = <Empty icon="clock" title={t("family.no_days")} text={t("family.no_days_text")} />;
  return (
    <Loaded asked={asked} empty={first === undefined} emptyState={none}>
      {first !== undefined && <Latest day={first} child={child} zone={family.timezone} />}
      <ol className="family-days" aria-label={t("family.earlier")}>
        {earlier.map((day) => (
          <li key={day.day}>
            <Earlier day={day} child={child} zone={family.timezone} />
          </li>
        ))}
      </ol>
    </Loaded>
  );
}

interface DayProps {
  day: Day;
  child: Child;
  zone: string;
}

function Latest({ day, child, zone }: DayProps): ReactElement {
  const { t, i18n } = useTranslation();
  const times = timesOf(i18n.language, zone);
  const where = day.inside ? "inside" : day.left_at !== null ? "left" : day.status;
  return (
    <section className={`family-today family-${where}`}>
      <p>{dayText(day.day, i18n.language)}</p>
      <h2>{t(`family.now_${where}`, { name: child.name })}</h2>
      <Facts day={day} />
      <Steps steps={day.steps} child={child} clock={times.clock} />
    </section>
  );
}

function Earlier({ day, child, zone }: DayProps): ReactElement {
  const { t, i18n } = useTranslation();
  const times = timesOf(i18n.language, zone);
  return (
    <details className="family-day">
      <summary>
        <span>{dayText(day.day, i18n.language)}</span>
        <span className={`family-status family-status-${day.status}`}>{t(`family.status_${day.status}`)}</span>
        <span className="number">{span(day, times.clock)}</span>
      </summary>
      <Facts day={day} />
      <Steps steps={day.steps} child={child} clock={times.clock} />
    </details>
  );
}

/** 07:41 – 16:31 */
function span(day: Day, clock: (time: string) => string): string {
  const minutes = (time: string | null): string => (time === null ? "" : clock(time).slice(0, 5));
  const [came, went] = [minutes(day.arrived_at), minutes(day.left_at)];
  return came === "" && went === "" ? "" : `${came} – ${went}`;
}

function Facts({ day }: { day: Day }): ReactElement | null {
  const { t } = useTranslation();
  const facts = [
    day.late_s > 0 ? t("family.late", { count: Math.ceil(day.late_s / 60) }) : null,
    day.left_early ? t("family.left_early") : null,
    day.corrected ? t("family.corrected") : null,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? null : <p className="family-facts">{facts.join(" · ")}</p>;
}

interface StepsProps {
  steps: readonly Step[];
  child: Child;
  clock(time: string): string;
}

function Steps({ steps, child, clock }: StepsProps): ReactElement | null {
  const { t } = useTranslation();
  if (steps.length === 0) return null;
  return (
    <ol className="family-steps">
      {steps.map((step) => (
        <li key={`${step.at} ${step.movement}`}>
          <Icon name={step.movement === "arrival" ? "in" : "out"} />
          <span>
            <strong className="number">{clock(step.at)}</strong> {t(`family.${step.movement}`)}
            <small>{step.place}</small>
          </span>
          {step.picture !== null && <img src={pictureOf(child.id, step.picture)} alt={t("family.picture", { name: child.name })} />}
        </li>
      ))}
    </ol>
  );
}

/** The school's day as the reader calls it; noon in UTC is that day wherever the reader is. */
function dayText(day: string, language: string): string {
  const format = new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" });
  return format.format(new Date(`${day}T12:00:00Z`));
}
