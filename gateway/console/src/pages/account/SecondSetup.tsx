// Setting up an authenticator: the password once more, the QR code, a code, and the recovery codes, each shown once.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { beginSecondFactor, confirmSecondFactor, type SecondSecret } from "../../api/account";
import { Field } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { formText } from "../login/formText";

export function SecondSetup({ onDone }: { onDone(): void }): ReactElement {
  const [secret, setSecret] = useState<SecondSecret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) return <Recovery codes={codes} onDone={onDone} />;
  if (secret !== null) return <Confirm secret={secret} onCodes={setCodes} />;
  return <Begin onSecret={setSecret} />;
}

function Begin({ onSecret }: { onSecret(secret: SecondSecret): void }): ReactElement {
  const { t } = useTranslation();
  const begin = useMutation({ mutationFn: beginSecondFactor, onSuccess: onSecret });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    begin.mutate(formText(event.currentTarget)("password"));
  };
  return (
    <form className="form" onSubmit={submit}>
      <Problem error={begin.error} />
      <Field label={t("account.second_password")} name="password" type="password" autoComplete="current-password" />
      <button type="submit" className="button button-main" disabled={begin.isPending}>
        {t("account.second_next")}
      </button>
    </form>
  );
}

function Confirm({ secret, onCodes }: { secret: SecondSecret; onCodes(codes: string[]): void }): ReactElement {
  const { t } = useTranslation();
  const confirm = useMutation({ mutationFn: confirmSecondFactor, onSuccess: onCodes });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    confirm.mutate(formText(event.currentTarget)("code"));
  };
  return (
    <form className="form" onSubmit={submit}>
      <p>{t("account.second_scan")}</p>
      <img className="account-qr" src={secret.picture} alt={t("account.second_qr")} width="220" height="220" />
      <p>
        {t("account.second_type")} <code className="account-secret">{inFours(secret.secret)}</code>
      </p>
      <Problem error={confirm.error} />
      <Field label={t("account.second_code")} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={8} required />
      <button type="submit" className="button button-main" disabled={confirm.isPending}>
        {t("account.second_confirm")}
      </button>
    </form>
  );
}

function Recovery({ codes, onDone }: { codes: readonly string[]; onDone(): void }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="form">
      <p role="status">{t("account.recovery_text")}</p>
      <ul className="account-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <button type="button" className="button button-main" onClick={onDone}>
        {t("account.recovery_done")}
      </button>
    </div>
  );
}

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");
