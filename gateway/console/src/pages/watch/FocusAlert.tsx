// The selected alert, large: the two faces, the facts, and what can be done.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { StateBadge, SyntheticBadge } from "../../components/Badges";
import { FacePair } from "../../components/FacePair";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { isUnacknowledged } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { isSynthetic } from "../alerts/isSynthetic";
import { StepButtons } from "../alerts/StepButtons";
import { AlertSubject } from "./AlertSubject";

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
        <FacePair
          evidence={alert.evidence}
          person={alert.person}
          plate={alert.plate}
          plateColour={null}
          candidate={alert.candidate}
        />
      </div>
      <footer className="focus-foot">
        <StepButtons alert={alert} />
      </footer>
    </>
  );
}
