// One alert on the guard's screen: what, who, where, how long ago, and the key to say "I have seen it".
import { memo, type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Age } from "../../components/Age";
import { BackBadge, CandidateBadge, StateBadge, SyntheticBadge } from "../../components/Badges";
import { Icon } from "../../components/Icon";
import { SeverityMark } from "../../components/SeverityMark";
import { VerdictBadge } from "../../components/VerdictMark";
import { alertKind } from "../../i18n/codes";
import { cameBack, isOfLane, isUnacknowledged } from "../../logic/alerts";
import { showWithin } from "../../logic/nearest";
import { alertPlace } from "../../logic/places";
import { useDesk } from "../../state/desk";
import { useSite } from "../../state/session";
import { useSteps } from "../../state/steps";
import { isSynthetic } from "../alerts/isSynthetic";
import { Waiting } from "../alerts/Waiting";
import { AlertSubject } from "./AlertSubject";

interface Props {
  alert: Alert;
  selected: boolean;
}

/** In a bad hour there are hundreds, of which one changes. */
export const AlertCard = memo(function AlertCard({ alert, selected }: Props): ReactElement {
  const { t } = useTranslation();
  const select = useDesk((desk) => desk.select);
  const { acknowledge } = useSteps();
  const site = useSite();
  const waiting = isUnacknowledged(alert);
  const place = useInSight(selected, useDesk((desk) => desk.walkedTo === alert.id));
  return (
    <li
      ref={place}
      className={`card card-${alert.severity} ${waiting ? "card-waiting" : "card-known"}`}
      data-alert={alert.id}
      data-state={alert.state}
    >
      <button type="button" className="card-body" aria-current={selected} onClick={() => select(alert.id)}>
        <SeverityMark severity={alert.severity} />
        <span className="card-text">
          <span className="card-title">
            {alertKind(t, alert.kind)}
            {alert.count > 1 && <b className="card-count">×{alert.count}</b>}
          </span>
          <AlertSubject alert={alert} />
          <span className="card-meta">
            {alert.candidate && <CandidateBadge />}
            <VerdictBadge alert={alert} />
            {isSynthetic(alert.evidence) && <SyntheticBadge />}
            {!waiting && <StateBadge state={alert.state} />}
            {cameBack(alert) && <BackBadge />}
            <span className="card-place">
              <Icon name={isOfLane(alert) ? "passages" : "camera"} />
              {alertPlace(site, alert)}
            </span>
            <Age time={alert.last_at} />
            <Waiting alert={alert} />
          </span>
        </span>
      </button>
      {waiting && (
        <button
          type="button"
          className="button card-acknowledge"
          disabled={alert.allowed.length === 0}
          onClick={() => acknowledge(alert)}
        >
          <Icon name="check" />
          {t("action.acknowledged")}
        </button>
      )}
    </li>
  );
});

/** What is selected may lie outside of what is seen. What selects itself moves its list alone, keys the page, too. */
function useInSight(selected: boolean, walkedTo: boolean) {
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const card = place.current;
    if (card === null || !selected) return;
    if (walkedTo) card.scrollIntoView({ block: "nearest" });
    else showWithin(card, card.closest(".panel-scroll"));
  }, [selected, walkedTo]);
  return place;
}
