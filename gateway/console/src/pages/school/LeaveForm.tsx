// A leave slip: from then until then, why, and with whom the child goes.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { serverClock } from "../../api/clock";
import { COLLECTED, type Collected, type LeaveRequest } from "../../api/leaves";
import { DayField, TextField, TimeField } from "../../components/Field";
import { isLeave } from "../../logic/leaves";
import type { Known } from "../../logic/whoCollects";
import { clockIn, momentIn } from "../../logic/zone";
import { useSite } from "../../state/session";
import { WhoPicker } from "./WhoPicker";

interface Props {
  line: DayLine;
  /** When the day's lessons are over, as the form's first proposal; null: nobody knows. */
  leaveFrom: string | null;
  busy: boolean;
  onGive(wanted: LeaveRequest): void;
}

export function LeaveForm({ line, leaveFrom, busy, onGive }: Props): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const [begins, setBegins] = useState(() => clockIn(serverClock.now(), timezone));
  const [ends, setEnds] = useState(leaveFrom === null ? "" : clockIn(leaveFrom, timezone));
  const [reason, setReason] = useState("");
  const [collected, setCollected] = useState<Collected>("listed");
  const [last, setLast] = useState(line.day);
  const [plate, setPlate] = useState("");
  const [who, setWho] = useState<Known | null>(null);
  const named = collected === "person" || collected === "plate";
  const collector = collected === "person" ? (who?.id ?? "") : plate.trim();
  const fits = isLeave({ first: line.day, begins, last, ends });
  const ready = fits && reason.trim() !== "" && (!named || collector !== "") && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    const span = { begins: momentIn(line.day, begins, timezone), ends: momentIn(last, ends, timezone) };
    const by = named ? { collector } : {};
    onGive({ person_id: line.person_id, ...span, reason: reason.trim(), collected, ...by });
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="leave-times">
        <TimeField label={t("leave.begins")} value={begins} onValue={setBegins} />
        <TimeField label={t("leave.ends")} value={ends} onValue={setEnds} />
      </div>
      <DayField label={t("leave.last_day")} value={last} onValue={setLast} />
      <TextField label={t("school.reason")} hint={t("school.reason_hint")} value={reason} most={500} onValue={setReason} />
      <div className="order-choice" role="group" aria-label={t("leave.collected")}>
        {COLLECTED.map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={each === collected}
            onClick={() => setCollected(each)}
          >
            {t(`leave.collected_${each}`)}
          </button>
        ))}
      </div>
      {collected === "person" && <WhoPicker child={line.person_id} who={who} onWho={setWho} />}
      {collected === "plate" && (
        <TextField label={t("leave.collector_plate")} hint={t("leave.hint_plate")} value={plate} most={64} onValue={setPlate} />
      )}
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("leave.give")}
      </button>
    </form>
  );
}
