// One node's configuration: what it runs by, a change to it, and what became of earlier ones.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type Configuration, fetchConfiguration } from "../../../api/configuration";
import { Refused } from "../../../api/errors";
import { Icon } from "../../../components/Icon";
import { Empty, Loaded } from "../../../components/Loaded";
import { openPush } from "../../../logic/configuration";
import { routeTo } from "../../../logic/route";
import { configurationKey } from "./key";
import { Editor } from "./Editor";
import { History } from "./History";
import { OpenPush } from "./OpenPush";

/** A push that waits or is tried changes by itself. */
const EVERY_MS = 3_000;

const isUntold = (error: Error | null): boolean => error instanceof Refused && error.status === 404;

export function ConfigurationPanel({ node }: { node: string }): ReactElement {
  const { t } = useTranslation();
  const asked = useQuery({
    queryKey: configurationKey(node),
    queryFn: ({ signal }) => fetchConfiguration(node, signal),
    refetchInterval: EVERY_MS,
    retry: false,
  });
  return (
    <section className="panel page" aria-label={t("configuration.title", { node })}>
      <header className="panel-head configuration-head">
        <a className="button button-plain" href={routeTo("nodes")} aria-label={t("action.back")}>
          <Icon name="back" />
        </a>
        <h1>{t("configuration.title", { node })}</h1>
      </header>
      {isUntold(asked.error) ? (
        <Empty icon="nodes" title={t("configuration.untold")} text={t("configuration.untold_text")} />
      ) : (
        <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
          {asked.data !== undefined && <Parts configuration={asked.data} />}
        </Loaded>
      )}
    </section>
  );
}

function Parts({ configuration }: { configuration: Configuration }): ReactElement {
  const { t } = useTranslation();
  const open = openPush(configuration.pushes);
  return (
    <div className="panel-scroll configuration" role="group" aria-label={t("configuration.text")} tabIndex={0}>
      <p className="quiet">
        {t(`configuration.origin_${configuration.origin}`)} · {t("configuration.secrets")}
      </p>
      {open === undefined ? (
        <Editor key={configuration.mark} configuration={configuration} />
      ) : (
        <OpenPush node={configuration.node} push={open} />
      )}
      <History configuration={configuration} />
    </div>
  );
}
