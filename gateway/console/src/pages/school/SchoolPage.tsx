// A class's day on one page: who came, who did not, and a teacher's word on it.
import { type ReactElement, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { ClassCount } from "../../api/attendance";
import { Empty, Loaded } from "../../components/Loaded";
import { dayIn, isDay } from "../../logic/zone";
import { routeTo } from "../../logic/route";
import { useClasses } from "../../state/attendance";
import { useNow } from "../../state/now";
import { go, useRoute } from "../../state/route";
import { useSite } from "../../state/session";
import { ClassPicker } from "./ClassPicker";
import { ClassSheet } from "./ClassSheet";
import { DayPicker } from "./DayPicker";

export function SchoolPage(): ReactElement {
  const { t } = useTranslation();
  const route = useRoute();
  const today = dayIn(useNow(), useSite().timezone);
  const asked = route.query["day"] ?? "";
  const day = isDay(asked) ? asked : today;
  const classes = useClasses(day);
  const items = classes.data ?? [];
  const open = items.find((each) => each.group === route.id) ?? items[0];
  useOneClass(open, route.id);
  return (
    <section className="panel page school" aria-label={t("school.title")}>
      <header className="panel-head">
        <h1>{t("school.title")}</h1>
        <DayPicker day={day} today={today} onDay={(next) => go(place(route.id, next, today))} />
      </header>
      <Loaded
        asked={classes}
        empty={items.length === 0}
        emptyState={<Empty icon="school" title={t("school.empty")} text={t("school.empty_text")} />}
      >
        {items.length > 1 && (
          <ClassPicker classes={items} open={open?.group ?? ""} addressOf={(group) => place(group, day, today)} />
        )}
        {open !== undefined && <ClassSheet key={open.group} count={open} day={day} today={today} />}
      </Loaded>
    </section>
  );
}

/** An address that names no class of this person's leads to the first one. */
function useOneClass(open: ClassCount | undefined, asked: string | null): void {
  const { query } = useRoute();
  useEffect(() => {
    if (asked !== null && open !== undefined && open.group !== asked) go(routeTo("school", open.group, query));
  }, [open, asked, query]);
}

const place = (group: string | null, day: string, today: string): string =>
  routeTo("school", group ?? undefined, day === today ? {} : { day });
