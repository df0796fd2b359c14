// The second step of signing in: a code of the authenticator, or a recovery code.
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type Credentials, signIn } from "../../api/session";
import { errorText } from "../../i18n/codes";
import { useSession } from "../../state/session";
import { Field } from "./Field";
import { formText } from "./formText";

interface Props {
  credentials: Credentials;
  onBack(): void;
}

export function CodeForm({ credentials, onBack }: Props): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const attempt = useMutation({ mutationFn: signIn, onSuccess: entered });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    attempt.mutate({ ...credentials, code: formText(event.currentTarget)("code") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h1>{t("login.code_title")}</h1>
      <p>{t("login.code_text")}</p>
      {attempt.error !== null && (
        <p className="form-error" role="alert">
          {errorText(t, attempt.error)}
        </p>
      )}
      <Field
        label={t("login.code")}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
      />
      <button type="submit" className="button button-main" disabled={attempt.isPending}>
        {attempt.isPending ? t("login.busy") : t("login.submit")}
      </button>
      <button type="button" className="button button-plain" onClick={onBack}>
        {t("login.back")}
      </button>
    </form>
  );
}
