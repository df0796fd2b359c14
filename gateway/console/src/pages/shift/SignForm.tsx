// Both sign: whoever leaves is signed in here, whoever comes types their own name and password.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { handOver, type Shift } from "../../api/shift";
import { Problem } from "../../components/Problem";
import { useSession } from "../../state/session";

const NOTHING = { comes: "", password: "", note: "" };

export function SignForm({ onSigned }: { onSigned(shift: Shift): void }): ReactElement {
  const { t } = useTranslation();
  const leaves = useSession((state) => state.session?.user ?? "");
  const [typed, type] = useState(NOTHING);
  const sign = useMutation({
    mutationFn: handOver,
    onSuccess: (shift) => {
      type(NOTHING);
      onSigned(shift);
    },
  });
  const ready = typed.comes.trim() !== "" && typed.password !== "" && !sign.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) sign.mutate({ ...typed, comes: typed.comes.trim() });
  };
  return (
    <form className="panel shift-sign" onSubmit={submit}>
      <h2>{t("shift.sign")}</h2>
      <p>{t("shift.sign_text", { leaves })}</p>
      <label className="field">
        <span className="field-name">{t("shift.note")}</span>
        <textarea className="input" rows={3} maxLength={2000} value={typed.note} onChange={(event) => type({ ...typed, note: event.target.value })} />
      </label>
      <label className="field">
        <span className="field-name">{t("shift.comes")}</span>
        <input className="input" autoComplete="off" maxLength={64} value={typed.comes} onChange={(event) => type({ ...typed, comes: event.target.value })} />
      </label>
      <label className="field">
        <span className="field-name">{t("shift.password")}</span>
        <input
          className="input"
          type="password"
          autoComplete="new-password"
          maxLength={256}
          value={typed.password}
          onChange={(event) => type({ ...typed, password: event.target.value })}
        />
      </label>
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("shift.hand_over")}
      </button>
      <Problem error={sign.error} />
    </form>
  );
}
