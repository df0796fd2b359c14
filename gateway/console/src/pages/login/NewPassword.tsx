// A new password, typed twice.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../components/Field";

/** As the gateway wants it (`auth/passwords.py`), which also refuses what everybody guesses first. */
const SHORTEST = 10;

export function NewPassword({ label }: { label: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Field label={label} name="new" type="password" autoComplete="new-password" minLength={SHORTEST} required />
      <Field label={t("login.password_again")} name="again" type="password" autoComplete="new-password" required />
    </>
  );
}

interface NewPasswordCheck {
  /** What is wrong with what was typed last; null: both are the same. */
  mismatch: string | null;
  /** The new password; null where the two differ. */
  agreed(text: (name: string) => string): string | null;
}

export function useNewPassword(): NewPasswordCheck {
  const { t } = useTranslation();
  const [differ, setDiffer] = useState(false);
  return {
    mismatch: differ ? t("login.mismatch") : null,
    agreed: (text) => {
      const differs = text("new") !== text("again");
      setDiffer(differs);
      return differs ? null : text("new");
    },
  };
}
