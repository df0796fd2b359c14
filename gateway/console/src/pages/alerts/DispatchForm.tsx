// Who is sent to see: what they are, and their name.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, SentRole } from "../../api/types";
import { TextField } from "../../components/Field";
import { useSteps } from "../../state/steps";

const ROLES: readonly SentRole[] = ["guard", "police", "grid_worker"];

export function DispatchForm({ alert, onDone }: { alert: Alert; onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const { take } = useSteps();
  const [role, setRole] = useState<SentRole>("guard");
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const ready = name.trim() !== "" && alert.allowed.includes("dispatched");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    take(alert, "dispatched", { note: note.trim(), assignee: { role, name: name.trim() } });
    onDone();
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="segments" role="group" aria-label={t("step.who")}>
        {ROLES.map((each) => (
          <button key={each} type="button" aria-pressed={each === role} onClick={() => setRole(each)}>
            {t(`sent_role.${each}`)}
          </button>
        ))}
      </div>
      <TextField label={t("step.name")} hint={t("step.name_hint")} value={name} most={200} onValue={setName} first />
      <TextField label={t("action.note")} hint={t("step.dispatch_note_hint")} value={note} most={500} onValue={setNote} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {alert.candidate ? t("candidate.confirm") : t("action.dispatched")}
      </button>
    </form>
  );
}
