// The filtered alerts, newest first, further back as one scrolls.
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { StateFilter } from "../../api/alerts";
import type { Severity } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { VirtualList } from "../../components/VirtualList";
import { compareByRaised } from "../../logic/alerts";
import { flatten } from "../../logic/pages";
import { useAlertList } from "../../state/queries";
import { AlertRow } from "./AlertRow";

interface Props {
  state: StateFilter;
  severities: readonly Severity[];
  openId: string | null;
}

export function AlertList({ state, severities, openId }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = useAlertList(state);
  const alerts = useMemo(() => {
    const all = flatten(asked.data, (alert) => alert.id).toSorted(compareByRaised);
    return severities.length === 0 ? all : all.filter((alert) => severities.includes(alert.severity));
  }, [asked.data, severities]);
  return (
    <Loaded
      asked={asked}
      empty={alerts.length === 0 && !asked.hasNextPage}
      emptyState={<Empty icon="alerts" title={t("alerts.empty")} text={t("alerts.empty_text")} />}
    >
      <VirtualList
        label={t("alerts.title")}
        items={alerts}
        idOf={(alert) => alert.id}
        estimate={84}
        render={(alert) => <AlertRow alert={alert} open={alert.id === openId} />}
        more={asked.hasNextPage && !asked.isFetchingNextPage ? () => void asked.fetchNextPage() : null}
        foot={asked.isFetchingNextPage ? t("passages.loading_more") : null}
      />
    </Loaded>
  );
}
