// One pupil's day opened: what the gates say, what a teacher said, and the usual corrections one press away.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { Dialog } from "../../components/Dialog";
import { Problem } from "../../components/Problem";
import { USUAL } from "../../logic/attendance";
import { useCorrecting } from "../../state/attendance";
import { useDesk } from "../../state/desk";
import { CollectorDetails } from "../people/CollectorDetails";
import { CorrectForm } from "./CorrectForm";
import { LeaveSection } from "./LeaveSection";
import { PupilFacts } from "./PupilFacts";
import { Standing } from "./Standing";

interface Props {
  line: DayLine;
  leaveFrom: string | null;
  today: string;
  onClose(): void;
}

export function PupilDialog({ line, leaveFrom, today, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  const { correct, end } = useCorrecting(onClose);
  const say = (words: string): void => useDesk.getState().say("calm", words);
  const done = { onSuccess: () => say(t("school.correct_done", { name: line.name })) };
  const about = { person_id: line.person_id, day: line.day };
  const usual = USUAL.filter((each) => each.kind === "excused" || line.day <= today);
  const busy = correct.isPending || end.isPending;
  return (
    <Dialog title={line.name} onClose={onClose}>
      <div className="detail">
        <PupilFacts line={line} />
        <Problem error={correct.error ?? end.error} />
        <Standing
          corrections={line.corrections}
          busy={busy}
          onEnd={(id) =>
            end.mutate(
              { id, why: t("school.take_back_why") },
              { onSuccess: () => say(t("school.taken_back_done", { name: line.name })) },
            )
          }
        />
        <div className="usual" role="group" aria-label={t("school.usual")}>
          {usual.map((each) => (
            <button
              key={each.reason}
              type="button"
              className="button"
              disabled={busy}
              onClick={() => correct.mutate({ ...about, kind: each.kind, reason: t(`school.reason_${each.reason}`) }, done)}
            >
              {t(`school.usual_${each.reason}`)}
            </button>
          ))}
        </div>
        <LeaveSection line={line} leaveFrom={leaveFrom} open={line.day >= today} />
        <CollectorDetails person={line.person_id} />
        <details>
          <summary>{t("school.other")}</summary>
          <CorrectForm line={line} today={today} busy={busy} onCorrect={(wanted) => correct.mutate({ ...about, ...wanted }, done)} />
        </details>
      </div>
    </Dialog>
  );
}
