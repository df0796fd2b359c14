// User name and password.
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "../../api/session";
import { signInError } from "../../i18n/codes";
import { useSession } from "../../state/session";
import { Field } from "./Field";
import { formText } from "./formText";

export function SignInForm({ firstError }: { firstError: unknown }): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const attempt = useMutation({ mutationFn: signIn, onSuccess: entered });
  const error = attempt.error ?? (attempt.isIdle ? firstError : null);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    attempt.mutate({ user: text("user"), password: text("password") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h1>{t("login.title")}</h1>
      {error !== null && (
        <p className="form-error" role="alert">
          {signInError(t, error)}
        </p>
      )}
      <Field label={t("login.user")} name="user" autoComplete="username" autoCapitalize="none" />
      <Field label={t("login.password")} name="password" type="password" autoComplete="current-password" />
      <button type="submit" className="button button-main" disabled={attempt.isPending}>
        {attempt.isPending ? t("login.busy") : t("login.submit")}
      </button>
    </form>
  );
}
