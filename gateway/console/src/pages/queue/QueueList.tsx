// What waits, in its parts.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Age } from "../../components/Age";
import { CandidateBadge, StateBadge } from "../../components/Badges";
import { SeverityMark } from "../../components/SeverityMark";
import { VerdictBadge } from "../../components/VerdictMark";
import { alertKind } from "../../i18n/codes";
import { isUnacknowledged } from "../../logic/alerts";
import { alertPlace } from "../../logic/places";
import type { QueueGroup } from "../../logic/queue";
import { routeTo } from "../../logic/route";
import { useSite } from "../../state/session";
import { Waiting } from "../alerts/Waiting";
import { AlertSubject } from "../watch/AlertSubject";

export function QueueList({ groups, openId }: { groups: readonly QueueGroup[]; openId: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    // Focusable, so that the keyboard can scroll it.
    <div className="panel-scroll" tabIndex={0} role="group" aria-label={t("queue.title")}>
      {groups.map(({ part, alerts }) => (
        <section key={part} data-part={part}>
          <h2 className="queue-part">
            {t(`queue.${part}`)} <b>{alerts.length}</b>
          </h2>
          {alerts.map((alert) => (
            <QueueRow key={alert.id} alert={alert} open={alert.id === openId} />
          ))}
        </section>
      ))}
    </div>
  );
}

function QueueRow({ alert, open }: { alert: Alert; open: boolean }): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  return (
    <a className="row" href={routeTo("queue", alert.id)} aria-current={open} data-alert={alert.id}>
      <SeverityMark severity={alert.severity} />
      <span className="row-text">
        <strong>
          {alertKind(t, alert.kind)}
          {alert.count > 1 && <b className="card-count">×{alert.count}</b>}
        </strong>
        <AlertSubject alert={alert} />
        <span className="row-meta">
          <span>{alertPlace(site, alert)}</span>
          <Age time={alert.last_at} />
          <Waiting alert={alert} />
        </span>
      </span>
      <span className="row-badges">
        {alert.candidate && <CandidateBadge />}
        {!isUnacknowledged(alert) && <StateBadge state={alert.state} />}
        <VerdictBadge alert={alert} />
      </span>
    </a>
  );
}
