// Another password for oneself.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { changePassword } from "../../api/account";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { formText } from "../login/formText";
import { NewPassword, useNewPassword } from "../login/NewPassword";

export function PasswordSection(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { mismatch, agreed } = useNewPassword();
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => client.invalidateQueries({ queryKey: ["account"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = formText(form);
    const password = agreed(text);
    if (password !== null) change.mutate({ password: text("password"), new: password }, { onSuccess: () => form.reset() });
  };
  return (
    <section aria-labelledby="account-password">
      <h2 id="account-password">{t("account.password_title")}</h2>
      <p className="quiet">{t("account.password_text")}</p>
      <form className="form" onSubmit={submit}>
        <Problem error={mismatch ?? change.error} />
        {change.isSuccess && <p role="status">{t("account.password_done", { count: change.data.sessions })}</p>}
        <Field label={t("account.password_old")} name="password" type="password" autoComplete="current-password" />
        <NewPassword label={t("account.password_new")} />
        <button type="submit" className="button button-main" disabled={change.isPending}>
          {t("account.password_submit")}
        </button>
      </form>
    </section>
  );
}
