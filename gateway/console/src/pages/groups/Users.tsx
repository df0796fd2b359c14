// Which groups come by a schedule, and how many people do of their own.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { ScheduleSeen } from "../../api/timetable";
import { routeTo } from "../../logic/route";

export function Users({ schedule }: { schedule: ScheduleSeen }): ReactElement {
  const { t } = useTranslation();
  const { groups, people } = schedule;
  if (groups.length === 0 && people === 0) return <p className="quiet">{t("timetable.unused")}</p>;
  return (
    <p className="used-by">
      {groups.map((group) => (
        <a key={group} href={routeTo("groups", group)}>
          {group}
        </a>
      ))}
      {people > 0 && <span className="quiet">{t("timetable.own_hours", { count: people })}</span>}
    </p>
  );
}
