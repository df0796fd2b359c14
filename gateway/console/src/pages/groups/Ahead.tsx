// What a schedule, or a draft of one, means on a day that one chooses, and on the days after it.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverClock } from "../../api/clock";
import { type DayAhead, type Hours, lookAhead, type LookRequest, type Outlook } from "../../api/timetable";
import { DayField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { said } from "../../logic/timetable";
import { dayIn, isDay } from "../../logic/zone";
import { useSite } from "../../state/session";
import { useSettings } from "../../state/settings";
import { timetableError } from "../../state/timetable";
import { hoursText, partsText, reasonText } from "./words";

/** The day and the six after it. */
const DAYS = 7;

interface Props {
  /** By name, "" always; or as it is written now, null: not yet whole. */
  by: { schedule: string } | { draft: Hours | null };
  /** Schedule of the lessons; "": none. */
  lessons?: string;
}

export function Ahead({ by, lessons = "" }: Props): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const [day, setDay] = useState(() => dayIn(serverClock.now(), timezone));
  const draft = "draft" in by ? by.draft : null;
  const wanted: LookRequest = {
    first: day,
    days: DAYS,
    ...("draft" in by ? (draft === null ? {} : { draft }) : { schedule: by.schedule }),
  };
  const ready = isDay(day) && ("schedule" in by || draft !== null);
  const coming = useLook(wanted, ready);
  const learning = useLook({ first: day, days: 1, schedule: lessons }, lessons !== "" && isDay(day));
  const lesson = lessons === "" ? undefined : learning.data?.days[0];
  return (
    <section className="ahead" aria-label={t("timetable.ahead")}>
      <div className="ahead-head">
        <h3>{t("timetable.ahead")}</h3>
        <DayField label={t("timetable.ahead_day")} value={day} onValue={setDay} />
      </div>
      <Problem error={ready ? coming.error : null} words={timetableError} />
      {coming.data !== undefined && ready && !coming.isError && <Told outlook={coming.data} lesson={lesson} />}
    </section>
  );
}

/** What was said last stays while the next is asked for. */
const useLook = (wanted: LookRequest, enabled: boolean) =>
  useQuery<Outlook>({
    queryKey: ["ahead", JSON.stringify(wanted)],
    queryFn: ({ signal }) => lookAhead(wanted, signal),
    placeholderData: keepPreviousData,
    enabled,
    gcTime: 0,
  });

function Told({ outlook, lesson }: { outlook: Outlook; lesson: DayAhead | undefined }): ReactElement {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  const [first, ...next] = outlook.days;
  return (
    <>
      <p className="ahead-day" role="status">
        {first !== undefined && <FirstDay day={first} lesson={lesson} />}
      </p>
      <h4>{t("timetable.ahead_next")}</h4>
      <ul className="ahead-next">
        {next.map((day) => (
          <li key={day.day}>
            <span>{shortDay(language, day.day)}</span>
            <span className={day.windows.length === 0 ? "quiet" : "number"}>{hoursText(t, day)}</span>
            <span className="quiet">{reasonText(t, day)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function FirstDay({ day, lesson }: { day: DayAhead; lesson: DayAhead | undefined }): ReactElement {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  const { timezone } = useSite();
  const date = longDay(language, day.day);
  const when = day.day === dayIn(serverClock.now(), timezone) ? t("timetable.today", { day: date }) : date;
  const found = said(day);
  const hours = found.kind === "hours" ? partsText(t, language, found.parts) : "";
  const taught = lesson === undefined ? null : said(lesson);
  const lessonHours = taught?.kind === "hours" ? partsText(t, language, taught.parts) : "";
  return (
    <>
      <strong>{t(`timetable.holds_${found.kind}`, { day: when, hours })}</strong> {reasonText(t, day)}
      {taught !== null && <span className="ahead-lessons"> {t(`timetable.lessons_${taught.kind}`, { hours: lessonHours })}</span>}
    </>
  );
}

const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);
const longDay = (language: string, day: string): string =>
  new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "long", month: "long", day: "numeric" }).format(noon(day));
const shortDay = (language: string, day: string): string =>
  new Intl.DateTimeFormat(language, { timeZone: "UTC", weekday: "short", month: "short", day: "numeric" }).format(noon(day));
