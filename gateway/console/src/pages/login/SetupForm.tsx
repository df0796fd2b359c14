// The first start: the secret that the gateway printed makes the first administrator.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { setUp } from "../../api/session";
import { errorText } from "../../i18n/codes";
import { useSession } from "../../state/session";
import { SHORTEST } from "../account/PasswordSection";
import { Field } from "./Field";
import { formText } from "./formText";

export function SetupForm(): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const attempt = useMutation({ mutationFn: setUp, onSuccess: entered });
  const [differ, setDiffer] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const differs = text("password") !== text("again");
    setDiffer(differs);
    if (!differs) attempt.mutate({ secret: text("secret").trim(), user: text("user"), password: text("password") });
  };
  const problem = differ ? t("login.mismatch") : attempt.error === null ? null : errorText(t, attempt.error);
  return (
    <form className="form" onSubmit={submit}>
      <h1>{t("login.setup_title")}</h1>
      <p>{t("login.setup_text")}</p>
      {problem !== null && (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
      <Field label={t("login.secret")} name="secret" autoComplete="off" />
      <Field label={t("login.user")} name="user" autoComplete="username" autoCapitalize="none" />
      <Field
        label={t("login.password")}
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={SHORTEST}
      />
      <Field label={t("login.password_again")} name="again" type="password" autoComplete="new-password" />
      <button type="submit" className="button button-main" disabled={attempt.isPending}>
        {attempt.isPending ? t("login.busy") : t("login.setup_submit")}
      </button>
    </form>
  );
}
