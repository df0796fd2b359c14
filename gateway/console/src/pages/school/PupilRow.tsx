// One pupil's day in a line.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { absenceTold, SIGNS } from "../../logic/attendance";
import { leaveText } from "../../logic/leaves";
import { clockIn } from "../../logic/zone";
import { useSite } from "../../state/session";

interface Props {
  line: DayLine;
  onOpen(): void;
}

export function PupilRow({ line, onOpen }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <li>
      <button type="button" className="row pupil" data-person={line.person_id} onClick={onOpen}>
        <span className={`day-status day-${line.status}`}>
          <span aria-hidden="true">{SIGNS[line.status]}</span> {t(`school.finding_${line.status}`)}
        </span>
        <strong className="pupil-name">{line.name}</strong>
        <Clock what={t("school.arrived")} at={line.arrived_at} />
        <Clock what={t("school.left")} at={line.left_at} />
        <span className="pupil-notes">
          <Notes line={line} />
        </span>
      </button>
    </li>
  );
}

function Clock({ what, at }: { what: string; at: string | null }): ReactElement {
  const { timezone } = useSite();
  if (at === null) return <span className="pupil-clock" />;
  return (
    <span className="pupil-clock">
      <span className="quiet">{what}</span> <time dateTime={at}>{clockIn(at, timezone)}</time>
    </span>
  );
}

/** What else is to be known of the day. */
function Notes({ line }: { line: DayLine }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const told = absenceTold(line);
  return (
    <>
      {line.late_s >= 60 && <span>{t("school.late_by", { minutes: Math.floor(line.late_s / 60) })}</span>}
      {line.left_early && !line.excused && <b className="day-late">{t("school.finding_left_early")}</b>}
      {line.still_inside && <b className="day-late">{t("school.finding_still_inside")}</b>}
      {line.leaves.map(({ id, begins, ends }) => (
        <span key={id} className="day-excused">
          {t("leave.short", { span: leaveText(begins, ends, timezone) })}
        </span>
      ))}
      {line.corrections.length > 0 && <span className="badge">{t("school.corrected")}</span>}
      {told !== null && <span>{t(`school.${told}`)}</span>}
      {line.marks.map((mark) => (
        <span key={mark}>{t(`school.mark_${mark}`)}</span>
      ))}
    </>
  );
}
