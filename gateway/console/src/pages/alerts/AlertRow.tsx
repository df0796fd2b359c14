// One alert in the list.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { BackBadge, CandidateBadge, StateBadge } from "../../components/Badges";
import { SeverityMark } from "../../components/SeverityMark";
import { VerdictBadge } from "../../components/VerdictMark";
import { alertKind } from "../../i18n/codes";
import { cameBack } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { usePendingAlert } from "../../state/shown";
import { alertPlace } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { AlertSubject } from "../watch/AlertSubject";
import { Waiting } from "./Waiting";

export function AlertRow({ alert: stored, open }: { alert: Alert; open: boolean }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  const alert = usePendingAlert(stored);
  return (
    <a className="row" href={routeTo("alerts", alert.id)} aria-current={open} data-alert={alert.id}>
      <SeverityMark severity={alert.severity} />
      <span className="row-text">
        <strong>
          {alertKind(t, alert.kind)}
          {alert.count > 1 && <b className="card-count">×{alert.count}</b>}
        </strong>
        <AlertSubject alert={alert} />
        <span className="row-meta">
          <time dateTime={alert.last_at}>{times.full(alert.last_at)}</time>
          <span>{alertPlace(site, alert)}</span>
          <Waiting alert={alert} />
        </span>
      </span>
      <span className="row-badges">
        <StateBadge state={alert.state} />
        {cameBack(alert) && <BackBadge />}
        {alert.candidate && <CandidateBadge />}
        <VerdictBadge alert={alert} />
      </span>
    </a>
  );
}
