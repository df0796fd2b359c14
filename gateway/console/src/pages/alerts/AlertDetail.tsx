// One alert: what it is, what it rests on, what was done, what can be done.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { BackBadge, StateBadge, SyntheticBadge } from "../../components/Badges";
import { FacePair } from "../../components/FacePair";
import { Icon } from "../../components/Icon";
import { Empty, Loaded } from "../../components/Loaded";
import { SeverityMark } from "../../components/SeverityMark";
import { VerdictBanner } from "../../components/VerdictMark";
import { alertKind } from "../../i18n/codes";
import { cameBack, isOfCard, namesOwner, showsSubject } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { useAlert } from "../../state/queries";
import { usePendingAlert } from "../../state/shown";
import { AlertSubject } from "../watch/AlertSubject";
import { AlertFacts } from "./AlertFacts";
import { CandidateBanner } from "./CandidateBanner";
import { Escalations } from "./Escalations";
import { EvidenceStrip } from "./EvidenceStrip";
import { isSynthetic } from "./isSynthetic";
import { Life } from "./Life";
import { RepeatSteps } from "./RepeatSteps";
import { StepButtons } from "./StepButtons";
import { useEscape } from "./useEscape";
import { useRepeatSteps } from "./useRepeatSteps";
import { Waiting } from "./Waiting";
import { WhoCollects } from "./WhoCollects";

export function AlertDetail({ id }: { id: string }): ReactElement {
  const { t } = useTranslation();
  const asked = useAlert(id);
  useEscape(routeTo("alerts"));
  return (
    <Loaded
      asked={asked}
      empty={asked.data === undefined}
      emptyState={<Empty icon="alerts" title={t("alerts.gone")} text={t("alerts.empty_text")} />}
    >
      {asked.data && <Detail alert={asked.data} />}
    </Loaded>
  );
}

function Detail({ alert: stored }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const alert = usePendingAlert(stored);
  const repeats = useRepeatSteps(alert);
  const { shown } = repeats;
  return (
    <>
      <header className="focus-head">
        <a className="button button-plain back" href={routeTo("alerts")} aria-label={t("action.back")}>
          <Icon name="back" />
        </a>
        <SeverityMark severity={alert.severity} />
        <div>
          <h2>{alertKind(t, alert.kind)}</h2>
          <AlertSubject alert={alert} />
          <Waiting alert={alert} />
        </div>
        <span className="focus-badges">
          {isSynthetic(shown.evidence) && <SyntheticBadge />}
          {cameBack(alert) && <BackBadge />}
          <StateBadge state={alert.state} />
        </span>
      </header>
      <div className="panel-scroll detail" role="group" tabIndex={0} aria-label={t("action.details")}>
        <VerdictBanner alert={alert} />
        {alert.candidate && <CandidateBanner />}
        <RepeatSteps repeats={repeats} />
        <WhoCollects alert={alert} />
        {showsSubject(shown) ? (
          <FacePair
            evidence={shown.evidence}
            person={shown.person}
            plate={shown.plate}
            plateColour={shown.plate_colour}
            candidate={alert.candidate}
            card={namesOwner(shown) ? "differs" : isOfCard(shown) ? "unseen" : null}
          />
        ) : (
          <p className="quiet">{t("alerts.no_evidence")}</p>
        )}
        <div className="detail-columns">
          <AlertFacts alert={alert} />
          <div className="detail-column">
            <Escalations alert={alert} />
            <Life alert={alert} />
          </div>
        </div>
        <EvidenceStrip evidence={shown.evidence} />
      </div>
      <footer className="focus-foot act">
        <StepButtons alert={alert} />
      </footer>
    </>
  );
}
