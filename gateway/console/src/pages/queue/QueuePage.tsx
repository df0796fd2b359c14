// The officer's work: what is to be judged, by place and severity, and one case with its evidence.
import { type ReactElement, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { alertPlace } from "../../logic/places";
import { queueOf } from "../../logic/queue";
import { useOpenAlerts } from "../../state/queries";
import { useRoute } from "../../state/route";
import { useSite } from "../../state/session";
import { useShownAlerts } from "../../state/shown";
import { QueueDetail } from "./QueueDetail";
import { QueueFilter } from "./QueueFilter";
import { QueueList } from "./QueueList";
import { useQueueKeys } from "./useQueueKeys";
import { VerdictDialog } from "./VerdictDialog";

export function QueuePage(): ReactElement {
  const { t } = useTranslation();
  const { id } = useRoute();
  const site = useSite();
  const asked = useOpenAlerts();
  const alerts = useShownAlerts();
  const [severities, setSeverities] = useState<readonly Severity[]>([]);
  const [place, setPlace] = useState<string | null>(null);
  const places = useMemo(() => [...new Set(alerts.map((alert) => alertPlace(site, alert)))].toSorted(), [alerts, site]);
  const groups = useMemo(
    () => queueOf(alerts, severities, place, (alert) => alertPlace(site, alert)),
    [alerts, severities, place, site],
  );
  const judging = useQueueKeys(
    useMemo(() => groups.flatMap((group) => group.alerts), [groups]),
    id,
  );
  return (
    <div className={id === null ? "split" : "split split-open"}>
      <section className="panel split-list" aria-label={t("queue.title")}>
        <header className="panel-head">
          <h1>{t("queue.title")}</h1>
          <span className="quiet">{site.name}</span>
        </header>
        <p className="queue-intro quiet">{t("queue.intro")}</p>
        <QueueFilter
          places={places}
          place={place}
          onPlace={setPlace}
          severities={severities}
          onSeverities={setSeverities}
        />
        <Loaded
          asked={asked}
          empty={groups.length === 0}
          emptyState={<Empty icon="quiet" title={t("queue.empty")} text={t("queue.empty_text")} />}
        >
          <QueueList groups={groups} openId={id} />
        </Loaded>
      </section>
      <section className="panel split-detail" aria-label={t("action.details")}>
        {id === null ? (
          <p className="split-hint">{t("queue.choose")}</p>
        ) : (
          <QueueDetail key={id} id={id} onJudge={judging.begin} />
        )}
      </section>
      {judging.under !== null && <VerdictDialog {...judging.under} onDone={judging.end} />}
    </div>
  );
}
