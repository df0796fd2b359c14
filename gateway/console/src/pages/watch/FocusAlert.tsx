// The selected alert, large: the two faces, the facts, and what can be done.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { BackBadge, StateBadge, SyntheticBadge } from "../../components/Badges";
import { FacePair } from "../../components/FacePair";
import { SeverityMark } from "../../components/SeverityMark";
import { VerdictBanner } from "../../components/VerdictMark";
import { alertKind, detailText } from "../../i18n/codes";
import { cameBack, isOfCard, isUnacknowledged, namesOwner, showsSubject } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { Escalations } from "../alerts/Escalations";
import { isSynthetic } from "../alerts/isSynthetic";
import { Life } from "../alerts/Life";
import { RepeatSteps } from "../alerts/RepeatSteps";
import { StepButtons } from "../alerts/StepButtons";
import { useRepeatSteps } from "../alerts/useRepeatSteps";
import { Waiting } from "../alerts/Waiting";
import { WhoCollects } from "../alerts/WhoCollects";
import { AlertSubject } from "./AlertSubject";
import { AroundIt } from "./AroundIt";

export function FocusAlert({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const repeats = useRepeatSteps(alert);
  const { shown } = repeats;
  return (
    <>
      <header className="focus-head">
        <SeverityMark severity={alert.severity} />
        <div>
          <h2>{alertKind(t, alert.kind)}</h2>
          <AlertSubject alert={alert} />
          <Waiting alert={alert} />
        </div>
        <span className="focus-badges">
          {isSynthetic(shown.evidence) && <SyntheticBadge />}
          {cameBack(alert) && <BackBadge />}
          {!isUnacknowledged(alert) && <StateBadge state={alert.state} />}
          <a className="button button-plain" href={routeTo("alerts", alert.id)}>
            {t("action.details")} <kbd>Enter</kbd>
          </a>
        </span>
      </header>
      <div className="focus-body" role="group" aria-label={t("watch.focus")} tabIndex={0}>
        <VerdictBanner alert={alert} />
        {alert.candidate && <CandidateBanner />}
        <RepeatSteps repeats={repeats} />
        <WhoCollects alert={alert} />
        {showsSubject(shown) && (
          <FacePair
            evidence={shown.evidence}
            person={shown.person}
            plate={shown.plate}
            plateColour={shown.plate_colour}
            candidate={alert.candidate}
            card={namesOwner(shown) ? "differs" : isOfCard(shown) ? "unseen" : null}
          />
        )}
        {shown.detail !== "" && <p className="focus-detail">{detailText(t, shown.detail)}</p>}
        <div className="focus-more">
          <div className="detail-column">
            <Escalations alert={alert} />
            <Life alert={alert} />
          </div>
          <AroundIt key={alert.id} alert={alert} />
        </div>
      </div>
      <footer className="focus-foot">
        <StepButtons alert={alert} />
      </footer>
    </>
  );
}
