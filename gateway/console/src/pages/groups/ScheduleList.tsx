// All schedules: their hours, and who comes by them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ScheduleSeen } from "../../api/timetable";
import { routeTo } from "../../logic/route";
import { spanText } from "./words";

/** `address`: of a new one; null: none can be made. */
export function ScheduleList({ schedules, address }: { schedules: readonly ScheduleSeen[]; address: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="arranged" aria-label={t("timetable.schedules")}>
      <header>
        <h2>{t("timetable.schedules")}</h2>
        {address !== null && (
          <a className="button" href={address}>
            {t("timetable.new_schedule")}
          </a>
        )}
      </header>
      {schedules.length === 0 && <p className="quiet">{t("timetable.no_schedules")}</p>}
      <ul className="arranged-list">
        {schedules.map((schedule) => (
          <li key={schedule.id}>
            <a className="row" href={routeTo("groups", undefined, { schedule: schedule.id })} data-schedule={schedule.id}>
              <ScheduleRow schedule={schedule} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ScheduleRow({ schedule }: { schedule: ScheduleSeen }): ReactElement {
  const { t } = useTranslation();
  const { id, spans, holidays, groups, people } = schedule;
  const used = [
    ...(groups.length > 0 ? [t("timetable.used_groups", { count: groups.length })] : []),
    ...(people > 0 ? [t("timetable.own_hours", { count: people })] : []),
  ];
  return (
    <>
      <span className="row-text">
        <strong>{id}</strong>
        <span className="row-meta">
          {spans.map((span) => (
            <span key={`${span.days.join()} ${span.start}`} className="number">
              {spanText(t, span)}
            </span>
          ))}
          {holidays && <span>{t("timetable.on_holidays")}</span>}
        </span>
      </span>
      <span className="quiet">{used.length === 0 ? t("timetable.unused") : used.join(" · ")}</span>
    </>
  );
}
