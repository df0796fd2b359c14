// The code that the school has given, typed by thumb; good for the first child and for every further one.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../api/errors";
import { Field } from "../components/Field";
import { Problem } from "../components/Problem";
import { bind } from "./api";
import type { Family } from "./types";

export function BindForm({ onBound }: { onBound(family: Family): void }): ReactElement {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    void bind(code)
      .then(onBound)
      .catch((cause: unknown) => setError(cause instanceof Refused && cause.status === 401 ? t("family.wrong_code") : cause))
      .finally(() => setBusy(false));
  };
  return (
    <form className="family-bind" onSubmit={submit}>
      <Field
        label={t("family.code")}
        name="code"
        value={code}
        placeholder="XXXX-XXXX-XXXX"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        required
        onChange={(event) => setCode(event.target.value)}
      />
      <Problem error={error} />
      <button type="submit" className="button button-main" disabled={busy || code.trim() === ""}>
        {t("family.bind")}
      </button>
    </form>
  );
}
