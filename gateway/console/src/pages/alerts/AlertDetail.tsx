// One alert: what it is, what it rests on, what was done, what can be done.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { StateBadge, SyntheticBadge } from "../../components/Badges";
import { FacePair } from "../../components/FacePair";
import { Icon } from "../../components/Icon";
import { Empty, Loaded } from "../../components/Loaded";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { namesOwner, showsSubject } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { useAlert } from "../../state/queries";
import { usePendingAlert } from "../../state/shown";
import { AlertSubject } from "../watch/AlertSubject";
import { AlertFacts } from "./AlertFacts";
import { CandidateBanner } from "./CandidateBanner";
import { EvidenceStrip } from "./EvidenceStrip";
import { isSynthetic } from "./isSynthetic";
import { Life } from "./Life";
import { StepButtons } from "./StepButtons";
import { useEscape } from "./useEscape";

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
        </div>
        <span className="focus-badges">
          {isSynthetic(alert.evidence) && <SyntheticBadge />}
          <StateBadge state={alert.state} />
        </span>
      </header>
      <div className="panel-scroll detail" role="group" tabIndex={0} aria-label={t("action.details")}>
        {alert.candidate && <CandidateBanner />}
        {showsSubject(alert) ? (
          <FacePair
            evidence={alert.evidence}
            person={alert.person}
            plate={alert.plate}
            plateColour={alert.plate_colour}
            candidate={alert.candidate}
            owner={namesOwner(alert)}
          />
        ) : (
          <p className="quiet">{t("alerts.no_evidence")}</p>
        )}
        <div className="detail-columns">
          <AlertFacts alert={alert} />
          <Life alert={alert} />
        </div>
        <EvidenceStrip evidence={alert.evidence} />
      </div>
      <Act alert={alert} />
    </>
  );
}

function Act({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  return (
    <footer className="focus-foot act">
      <input
        className="input"
        aria-label={t("action.note")}
        placeholder={`${t("action.note")}: ${t("action.note_placeholder")}`}
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.target.value)}
      />
      <StepButtons alert={alert} note={note.trim()} onStep={() => setNote("")} />
    </footer>
  );
}
