// The second step of signing in: a code of the authenticator, or a recovery code.
import { useMutation } from "@tanstack/react-query";
import type { FormEvent, ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type Credentials, signIn } from "../../api/session";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { useSession } from "../../state/session";
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
      <Problem error={attempt.error} />
      <Field
        label={t("login.code")}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        required
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
