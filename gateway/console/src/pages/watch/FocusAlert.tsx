// The selected alert, large: the two faces, the facts, and what can be done.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { StateBadge, SyntheticBadge } from "../../components/Badges";
import { FacePair } from "../../components/FacePair";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind, detailText } from "../../i18n/codes";
import { isUnacknowledged, namesOwner, showsSubject } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { isSynthetic } from "../alerts/isSynthetic";
import { Life } from "../alerts/Life";
import { StepButtons } from "../alerts/StepButtons";
import { AlertSubject } from "./AlertSubject";
import { AroundIt } from "./AroundIt";

export function FocusAlert({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <header className="focus-head">
        <SeverityMark severity={alert.severity} />
        <div>
          <h2>{alertKind(t, alert.kind)}</h2>
          <AlertSubject alert={alert} />
        </div>
        <span className="focus-badges">
          {isSynthetic(alert.evidence) && <SyntheticBadge />}
          {!isUnacknowledged(alert) && <StateBadge state={alert.state} />}
          <a className="button button-plain" href={routeTo("alerts", alert.id)}>
            {t("action.details")} <kbd>Enter</kbd>
          </a>
        </span>
      </header>
      <div className="focus-body" role="group" aria-label={t("watch.focus")} tabIndex={0}>
        {alert.candidate && <CandidateBanner />}
        {showsSubject(alert) && (
          <FacePair
            evidence={alert.evidence}
            person={alert.person}
            plate={alert.plate}
            plateColour={alert.plate_colour}
            candidate={alert.candidate}
            owner={namesOwner(alert)}
          />
        )}
        {alert.detail !== "" && <p className="focus-detail">{detailText(t, alert.detail)}</p>}
        <div className="focus-more">
          <Life alert={alert} />
          <AroundIt key={alert.id} alert={alert} />
        </div>
      </div>
      <footer className="focus-foot">
        <StepButtons alert={alert} />
      </footer>
    </>
  );
}
