// What was pushed before, what came of it, and the way back from the one that is in force.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type Configuration, type ConfigurationPush, pushConfiguration } from "../../../api/configuration";
import { Said } from "../../../components/Said";
import { errorText } from "../../../i18n/codes";
import { openPush } from "../../../logic/configuration";
import { useTimes } from "../../../state/times";
import { Difference } from "./Difference";
import { configurationKey } from "./key";

export function History({ configuration }: { configuration: Configuration }): ReactElement {
  const { t } = useTranslation();
  const open = openPush(configuration.pushes);
  const over = configuration.pushes.filter((push) => push !== open);
  return (
    <section aria-label={t("configuration.history")}>
      <h2>{t("configuration.history")}</h2>
      {over.length === 0 && <p className="quiet">{t("configuration.no_history")}</p>}
      <ul className="configuration-history">
        {over.map((push) => (
          <Past key={push.id} configuration={configuration} push={push} busy={open !== undefined} />
        ))}
      </ul>
    </section>
  );
}

interface Props {
  configuration: Configuration;
  push: ConfigurationPush;
  busy: boolean;
}

function Past({ configuration, push, busy }: Props): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <li data-push={push.state}>
      <p>
        <b className={`push-${push.state}`}>{t(`configuration.state_${push.state}`)}</b>{" "}
        <time dateTime={push.asked_at}>{times.full(push.asked_at)}</time> · {push.who}: {push.why}
      </p>
      {push.detail !== "" && 
        <div className="configuration-detail">
          <Said text={push.detail} />
        </div>
      }
      <details>
        <summary>{t("configuration.difference")}</summary>
        <Difference lines={push.diff} />
      </details>
      {push.undo !== null && !busy && <Undo configuration={configuration} mark={push.undo} why={push.why} />}
    </li>
  );
}

function Undo({ configuration, mark, why }: { configuration: Configuration; mark: string; why: string }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { node, mark: base } = configuration;
  const undo = useMutation({
    mutationFn: () => pushConfiguration(node, { base, restore: mark, why: t("configuration.undo_why", { why }).slice(0, 300) }),
    onSuccess: (now) => client.setQueryData(configurationKey(node), now),
  });
  return (
    <>
      <button type="button" className="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
        {t("configuration.undo")}
      </button>
      {undo.isError && (
        <p className="form-error" role="alert">
          {errorText(t, undo.error)}
        </p>
      )}
    </>
  );
}
