// User name and password, and a code where the account has a second factor.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../api/errors";
import { type Credentials, signIn } from "../../api/session";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { signInError } from "../../i18n/codes";
import { useSession } from "../../state/session";
import { CodeForm } from "./CodeForm";
import { formText } from "./formText";

interface Props {
  firstError: unknown;
  /** A one-time link that was good, and waits for a code. */
  ticket: string | null;
}

export function SignInForm({ firstError, ticket }: Props): ReactElement {
  const [waiting, setWaiting] = useState<Credentials | null>(ticket === null ? null : { ticket });
  if (waiting !== null) return <CodeForm credentials={waiting} onBack={() => setWaiting(null)} />;
  return <PasswordForm firstError={ticket === null ? firstError : null} onCode={setWaiting} />;
}

function PasswordForm({ firstError, onCode }: { firstError: unknown; onCode(waiting: Credentials): void }): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: entered,
    onError: (error, credentials) => {
      if (error instanceof Refused && error.code === "code_needed") onCode(credentials);
    },
  });
  const error = attempt.error ?? (attempt.isIdle ? firstError : null);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    attempt.mutate({ user: text("user"), password: text("password") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h1>{t("login.title")}</h1>
      <Problem error={error} words={signInError} />
      <Field label={t("login.user")} name="user" autoComplete="username" autoCapitalize="none" required />
      <Field label={t("login.password")} name="password" type="password" autoComplete="current-password" required />
      <button type="submit" className="button button-main" disabled={attempt.isPending}>
        {attempt.isPending ? t("login.busy") : t("login.submit")}
      </button>
    </form>
  );
}
