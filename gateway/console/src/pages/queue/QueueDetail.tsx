// One case before an officer: the pictures side by side, what was measured, and the word that is asked for.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Finding } from "../../api/types";
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
import { AlertFacts } from "../alerts/AlertFacts";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { EvidenceStrip } from "../alerts/EvidenceStrip";
import { isSynthetic } from "../alerts/isSynthetic";
import { Life } from "../alerts/Life";
import { RepeatSteps } from "../alerts/RepeatSteps";
import { useEscape } from "../alerts/useEscape";
import { useRepeatSteps } from "../alerts/useRepeatSteps";
import { Waiting } from "../alerts/Waiting";
import { AlertSubject } from "../watch/AlertSubject";
import { QueueSteps } from "./QueueSteps";

interface Props {
  id: string;
  onJudge(alert: Alert, finding: Finding): void;
}

export function QueueDetail({ id, onJudge }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = useAlert(id);
  useEscape(routeTo("queue"));
  return (
    <Loaded
      asked={asked}
      empty={asked.data === undefined}
      emptyState={<Empty icon="alerts" title={t("alerts.gone")} text={t("queue.empty_text")} />}
    >
      {asked.data && <Detail alert={asked.data} onJudge={onJudge} />}
    </Loaded>
  );
}

function Detail({ alert: stored, onJudge }: { alert: Alert; onJudge: Props["onJudge"] }): ReactElement {
  const { t } = useTranslation();
  const alert = usePendingAlert(stored);
  const repeats = useRepeatSteps(alert);
  const { shown } = repeats;
  return (
    <>
      <header className="focus-head">
        <a className="button button-plain back" href={routeTo("queue")} aria-label={t("action.back")}>
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
          <Life alert={alert} />
        </div>
        <EvidenceStrip evidence={shown.evidence} />
      </div>
      <footer className="focus-foot act">
        <QueueSteps alert={alert} onJudge={onJudge} />
      </footer>
    </>
  );
}
