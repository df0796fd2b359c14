// The selected alert, large: the two faces, the facts, and what can be done.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { StateBadge } from "../../components/Badges";
import { isUnacknowledged } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { AlertSaid } from "../alerts/AlertSaid";
import { CaseEvidence } from "../alerts/CaseEvidence";
import { CaseHead } from "../alerts/CaseHead";
import { Escalations } from "../alerts/Escalations";
import { Life } from "../alerts/Life";
import { StepButtons } from "../alerts/StepButtons";
import { useRepeatSteps } from "../alerts/useRepeatSteps";
import { WhoCollects } from "../alerts/WhoCollects";
import { AroundIt } from "./AroundIt";

export function FocusAlert({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const repeats = useRepeatSteps(alert);
  const { detail, evidence } = repeats.shown;
  return (
    <>
      <CaseHead alert={alert} evidence={evidence}>
        {!isUnacknowledged(alert) && <StateBadge state={alert.state} />}
        <a className="button button-plain" href={routeTo("alerts", alert.id)}>
          {t("action.details")} <kbd>Enter</kbd>
        </a>
      </CaseHead>
      <div className="focus-body" role="group" aria-label={t("watch.focus")} tabIndex={0}>
        <CaseEvidence alert={alert} repeats={repeats} notes={<WhoCollects alert={alert} />} />
        {detail !== "" && 
          <div className="focus-detail">
            <AlertSaid kind={alert.kind} detail={detail} />
          </div>
        }
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
