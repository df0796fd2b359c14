// Groups and schedules: seen by who works with them, arranged by administrators.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Timetable } from "../../api/timetable";
import { Loaded } from "../../components/Loaded";
import { workOf } from "../../logic/roles";
import { routeTo } from "../../logic/route";
import { go, useRoute } from "../../state/route";
import { useRole } from "../../state/session";
import { useTimetable } from "../../state/timetable";
import "../../styles/groups.css";
import { GroupDialog } from "./GroupDialog";
import { GroupList } from "./GroupList";
import { ScheduleDialog } from "./ScheduleDialog";
import { ScheduleList } from "./ScheduleList";

/** What nobody can be called. */
const NEW = "+";

export function GroupsPage(): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  const office = role === "admin";
  const asked = useTimetable();
  const timetable = asked.data;
  return (
    <section className="panel page" aria-label={t("timetable.title")}>
      <header className="panel-head">
        <h1>{t("timetable.title")}</h1>
        <span className="quiet">{t("timetable.intro")}</span>
        {workOf(role).includes("calendar") && <a href={routeTo("calendar")}>{t("timetable.calendar")}</a>}
      </header>
      <Loaded asked={asked} empty={timetable === undefined} emptyState={null}>
        {timetable !== undefined && (
          <div className="account">
            <GroupList groups={timetable.groups} address={office ? routeTo("groups", NEW) : null} />
            <ScheduleList
              schedules={timetable.schedules}
              address={office ? routeTo("groups", undefined, { schedule: NEW }) : null}
            />
            <Opened timetable={timetable} locked={!office} onAgain={async () => void (await asked.refetch())} />
          </div>
        )}
      </Loaded>
    </section>
  );
}

interface OpenedProps {
  timetable: Timetable;
  locked: boolean;
  onAgain(): Promise<void>;
}

/** What the address names; a name that is gone opens nothing. */
function Opened({ timetable, locked, onAgain }: OpenedProps): ReactElement | null {
  const { id, query } = useRoute();
  // With each look anew the form is another one.
  const [looks, setLooks] = useState(0);
  const again = (): void => void onAgain().then(() => setLooks((count) => count + 1));
  const close = (): void => go(routeTo("groups"));
  const name = id ?? query.schedule;
  const fresh = name === NEW && !locked;
  const same = { locked, onAgain: again, onClose: close };
  if (id !== null) {
    const group = timetable.groups.find((each) => each.id === id) ?? null;
    if (group === null && !fresh) return null;
    return <GroupDialog key={`${id} ${looks}`} group={group} timetable={timetable} {...same} />;
  }
  const schedule = timetable.schedules.find((each) => each.id === name) ?? null;
  if (schedule === null && !fresh) return null;
  return <ScheduleDialog key={`${name} ${looks}`} schedule={schedule} {...same} />;
}
