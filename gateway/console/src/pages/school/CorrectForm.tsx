// Any correction, with its time and its reason in somebody's own words.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CorrectionKind, DayLine } from "../../api/attendance";
import { TextField, TimeField } from "../../components/Field";
import { isTimed } from "../../logic/attendance";
import { clockIn, momentIn } from "../../logic/zone";
import { useSite } from "../../state/session";

const KINDS = ["arrived", "present", "absent", "left", "excused"] as const satisfies readonly CorrectionKind[];

interface Props {
  line: DayLine;
  today: string;
  busy: boolean;
  onCorrect(wanted: { kind: CorrectionKind; at?: string; reason: string }): void;
}

export function CorrectForm({ line, today, busy, onCorrect }: Props): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const ahead = line.day > today;
  const [kind, setKind] = useState<CorrectionKind>(ahead ? "excused" : "arrived");
  const [reason, setReason] = useState("");
  const [clock, setClock] = useState(line.arrived_at === null ? "" : clockIn(line.arrived_at, timezone));
  const ready = reason.trim() !== "" && (!isTimed(kind) || clock !== "") && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const at = isTimed(kind) ? { at: momentIn(line.day, clock, timezone) } : {};
    if (ready) onCorrect({ kind, reason: reason.trim(), ...at });
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="order-choice" role="group" aria-label={t("school.kind")}>
        {KINDS.map((each) => (
          <button
            key={each}
            type="button"
            className="button"
            aria-pressed={each === kind}
            disabled={ahead && each !== "excused"}
            onClick={() => setKind(each)}
          >
            {t(`school.kind_${each}`)}
          </button>
        ))}
      </div>
      {ahead && <p className="quiet">{t("school.not_yet")}</p>}
      {isTimed(kind) && <TimeField label={t("school.time")} value={clock} onValue={setClock} />}
      <TextField label={t("school.reason")} hint={t("school.reason_hint")} value={reason} most={500} onValue={setReason} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("school.correct")}
      </button>
    </form>
  );
}
