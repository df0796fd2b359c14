// A leave slip: from then until then, why, and with whom the child goes.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { serverClock } from "../../api/clock";
import { COLLECTED, type Collected, type LeaveRequest } from "../../api/leaves";
import { TextField, TimeField } from "../../components/Field";
import { clockIn, momentIn } from "../../logic/zone";
import { useSite } from "../../state/session";

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
  const [collector, setCollector] = useState("");
  const named = collected === "person" || collected === "plate";
  const ready = begins !== "" && ends > begins && reason.trim() !== "" && (!named || collector.trim() !== "") && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    const span = { begins: momentIn(line.day, begins, timezone), ends: momentIn(line.day, ends, timezone) };
    const who = named ? { collector: collector.trim() } : {};
    onGive({ person_id: line.person_id, ...span, reason: reason.trim(), collected, ...who });
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="leave-times">
        <TimeField label={t("leave.begins")} value={begins} onValue={setBegins} />
        <TimeField label={t("leave.ends")} value={ends} onValue={setEnds} />
      </div>
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
      {named && (
        <TextField
          label={t(`leave.collector_${collected}`)}
          hint={t(`leave.hint_${collected}`)}
          value={collector}
          most={64}
          onValue={setCollector}
        />
      )}
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("leave.give")}
      </button>
    </form>
  );
}
