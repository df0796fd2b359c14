// A new password, typed twice.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../components/Field";

/** As the gateway wants it (`auth/passwords.py`), which also refuses what everybody guesses first. */
export const SHORTEST = 10;

export function NewPassword({ label }: { label: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <Field label={label} name="new" type="password" autoComplete="new-password" required />
      <Field label={t("login.password_again")} name="again" type="password" autoComplete="new-password" required />
    </>
  );
}

interface NewPasswordCheck {
  /** What is wrong with what was typed last; null: nothing. */
  mismatch: string | null;
  /** The new password; null where it is too short, or the two differ. */
  agreed(text: (name: string) => string): string | null;
}

export function useNewPassword(): NewPasswordCheck {
  const { t } = useTranslation();
  const [wrong, setWrong] = useState<"short" | "mismatch" | null>(null);
  return {
    mismatch: wrong === null ? null : t(`login.${wrong}`, { count: SHORTEST }),
    agreed: (text) => {
      const found = text("new").length < SHORTEST ? "short" : text("new") === text("again") ? null : "mismatch";
      setWrong(found);
      return found === null ? text("new") : null;
    },
  };
}
