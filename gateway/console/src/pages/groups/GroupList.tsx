// All groups: how many are in each, and by what they come.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { GroupSeen } from "../../api/timetable";
import { routeTo } from "../../logic/route";

/** `address`: of a new one; null: none can be made. */
export function GroupList({ groups, address }: { groups: readonly GroupSeen[]; address: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="arranged" aria-label={t("timetable.groups")}>
      <header>
        <h2>{t("timetable.groups")}</h2>
        {address !== null && (
          <a className="button" href={address}>
            {t("timetable.new_group")}
          </a>
        )}
      </header>
      {groups.length === 0 && <p className="quiet">{t("timetable.no_groups")}</p>}
      <ul className="arranged-list">
        {groups.map((group) => (
          <li key={group.id}>
            <a className="row" href={routeTo("groups", group.id)} data-group={group.id}>
              <GroupRow group={group} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function GroupRow({ group }: { group: GroupSeen }): ReactElement {
  const { t } = useTranslation();
  const comes = group.said_at.length > 0 ? t("timetable.by_node") : t("timetable.always");
  return (
    <>
      <span className="row-text">
        <strong>{group.id}</strong>
        <span className="row-meta">
          <span>{group.schedule === "" ? comes : group.schedule}</span>
          {group.lessons !== "" && <span>{t("timetable.lessons_by", { name: group.lessons })}</span>}
        </span>
      </span>
      {group.collected && <span className="badge">{t("timetable.collected_short")}</span>}
      <span className="number">{t("timetable.members", { count: group.members })}</span>
    </>
  );
}
