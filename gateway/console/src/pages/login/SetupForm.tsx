// The first start: the secret that the gateway printed makes the first administrator.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { setUp } from "../../api/session";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { useSession } from "../../state/session";
import { formText } from "./formText";
import { NewPassword, SHORTEST, useNewPassword } from "./NewPassword";

export function SetupForm(): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const attempt = useMutation({ mutationFn: setUp, onSuccess: entered });
  const { mismatch, agreed } = useNewPassword();

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    const password = agreed(text);
    if (password !== null) attempt.mutate({ secret: text("secret").trim(), user: text("user"), password });
  };
  return (
    <form className="form" onSubmit={submit}>
      <h1>{t("login.setup_title")}</h1>
      <p>{t("login.setup_text")}</p>
      <Problem error={mismatch ?? attempt.error} />
      <Field label={t("login.secret")} name="secret" autoComplete="off" required />
      <Field label={t("login.user")} name="user" autoComplete="username" autoCapitalize="none" required />
      <p className="quiet">{t("login.least", { count: SHORTEST })}</p>
      <NewPassword label={t("login.password")} />
      <button type="submit" className="button button-main" disabled={attempt.isPending}>
        {attempt.isPending ? t("login.busy") : t("login.setup_submit")}
      </button>
    </form>
  );
}
