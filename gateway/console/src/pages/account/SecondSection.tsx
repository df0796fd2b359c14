// The second factor: whether there is one, setting one up, taking it away.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchSecondFactor, removeSecondFactor, type SecondFactor } from "../../api/account";
import { Field } from "../../components/Field";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { formText } from "../login/formText";
import { SecondSetup } from "./SecondSetup";

const KEY = ["account", "second"] as const;

export function SecondSection(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [doing, setDoing] = useState<"setup" | "remove" | null>(null);
  const asked = useQuery({ queryKey: KEY, queryFn: ({ signal }) => fetchSecondFactor(signal) });
  const done = (): void => {
    setDoing(null);
    void client.invalidateQueries({ queryKey: ["account"] });
  };
  return (
    <section aria-labelledby="account-second">
      <h2 id="account-second">{t("account.second_title")}</h2>
      <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
        {asked.data !== undefined && <State state={asked.data} doing={doing} onDoing={setDoing} />}
      </Loaded>
      {doing === "setup" && <SecondSetup onDone={done} />}
      {doing === "remove" && <Removal onDone={done} />}
    </section>
  );
}

interface StateProps {
  state: SecondFactor;
  doing: "setup" | "remove" | null;
  onDoing(doing: "setup" | "remove"): void;
}

function State({ state, doing, onDoing }: StateProps): ReactElement {
  const { t } = useTranslation();
  if (!state.on)
    return (
      <>
        <p className="quiet">{t("account.second_off")}</p>
        {doing === null && (
          <button type="button" className="button" onClick={() => onDoing("setup")}>
            {t("account.second_begin")}
          </button>
        )}
      </>
    );
  return (
    <>
      <p>{t("account.second_on", { count: state.recovery_left })}</p>
      {state.needed ? (
        <p className="quiet">{t("account.second_kept")}</p>
      ) : (
        doing === null && (
          <button type="button" className="button" onClick={() => onDoing("remove")}>
            {t("account.second_remove")}
          </button>
        )
      )}
    </>
  );
}

function Removal({ onDone }: { onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const remove = useMutation({ mutationFn: removeSecondFactor, onSuccess: onDone });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const text = formText(event.currentTarget);
    remove.mutate({ password: text("password"), code: text("code") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <Problem error={remove.error} />
      <Field label={t("login.password")} name="password" type="password" autoComplete="current-password" />
      <Field label={t("login.code")} name="code" autoComplete="one-time-code" maxLength={64} required />
      <button type="submit" className="button" disabled={remove.isPending}>
        {t("account.second_remove")}
      </button>
    </form>
  );
}
