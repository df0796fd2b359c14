// Another password for oneself.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { changePassword } from "../../api/account";
import { Field } from "../login/Field";
import { formText } from "../login/formText";
import { Problem } from "./Problem";

/** As the gateway wants it (`auth/passwords.py`), which also refuses what everybody guesses first. */
export const SHORTEST = 10;

export function PasswordSection(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [differ, setDiffer] = useState(false);
  const change = useMutation({
    mutationFn: changePassword,
    onSuccess: () => client.invalidateQueries({ queryKey: ["account"] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = formText(form);
    const differs = text("new") !== text("again");
    setDiffer(differs);
    if (!differs) change.mutate({ password: text("password"), new: text("new") }, { onSuccess: () => form.reset() });
  };
  return (
    <section aria-labelledby="account-password">
      <h2 id="account-password">{t("account.password_title")}</h2>
      <p className="quiet">{t("account.password_text")}</p>
      <form className="form" onSubmit={submit}>
        <Problem error={differ ? t("login.mismatch") : change.error} />
        {change.isSuccess && <p role="status">{t("account.password_done", { count: change.data.sessions })}</p>}
        <Field
          label={t("account.password_old")}
          name="password"
          type="password"
          autoComplete="current-password"
          required={false}
        />
        <Field
          label={t("account.password_new")}
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={SHORTEST}
        />
        <Field label={t("login.password_again")} name="again" type="password" autoComplete="new-password" />
        <button type="submit" className="button button-main" disabled={change.isPending}>
          {t("account.password_submit")}
        </button>
      </form>
    </section>
  );
}
