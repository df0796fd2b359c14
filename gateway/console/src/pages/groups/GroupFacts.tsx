// Who is in a group, whose class it is, and which lanes let it through.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { GroupSeen, LanePlace } from "../../api/timetable";
import { routeTo, type PageName } from "../../logic/route";
import { workOf } from "../../logic/roles";
import { useRole } from "../../state/session";

const placed = (lanes: readonly LanePlace[]): string => lanes.map(({ node, lane }) => `${node} / ${lane}`).join(", ");

export function GroupFacts({ group, open }: { group: GroupSeen; open: readonly LanePlace[] }): ReactElement {
  const { t } = useTranslation();
  const mine: readonly PageName[] = workOf(useRole());
  return (
    <section className="group-facts" aria-label={t("timetable.who")}>
      <h3>{t("timetable.who")}</h3>
      <p>
        {t("timetable.members", { count: group.members })}
        {group.members > 0 && mine.includes("people") && (
          <>
            {" · "}
            <a href={routeTo("people", undefined, { find: group.id })}>{t("timetable.see_members")}</a>
          </>
        )}
      </p>
      {group.own_hours > 0 && <p>{t("timetable.own", { count: group.own_hours })}</p>}
      {group.teachers.length > 0 && <p>{t("timetable.teachers", { names: group.teachers.join(", ") })}</p>}
      <h3>{t("timetable.lanes")}</h3>
      {group.lanes.length > 0 && <p>{t("timetable.lanes_named", { lanes: placed(group.lanes) })}</p>}
      {open.length > 0 && <p>{t("timetable.lanes_open", { lanes: placed(open) })}</p>}
      {group.lanes.length + open.length === 0 && <p className="quiet">{t("timetable.lanes_none")}</p>}
    </section>
  );
}
