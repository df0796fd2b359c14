// What is known of a pupil's day.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { Fact, Facts } from "../../components/Facts";
import { SIGNS } from "../../logic/attendance";
import { useTimes } from "../../state/times";

export function PupilFacts({ line }: { line: DayLine }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const when = (at: string | null): string => (at === null ? "–" : times.clock(at));
  return (
    <>
      <p className="pupil-head">
        <span className={`day-status day-${line.status}`}>
          <span aria-hidden="true">{SIGNS[line.status]}</span> {t(`school.finding_${line.status}`)}
        </span>
        <span className="quiet">
          {line.group} · {line.person_id} · {line.day}
        </span>
        {line.inside && <span>{t("school.inside")}</span>}
      </p>
      <Facts>
        <Fact name={t("school.arrived")}>{when(line.arrived_at)}</Fact>
        <Fact name={t("school.left")}>{when(line.left_at)}</Fact>
      </Facts>
      {line.corrections.length > 0 && (
        <p className="quiet">{t("school.by_gate", { status: t(`school.finding_${line.by_gate}`) })}</p>
      )}
    </>
  );
}
