// One case beside its list: what it is, what it rests on, what was done, what can be done.
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { StateBadge } from "../../components/Badges";
import { Empty, Loaded } from "../../components/Loaded";
import { type PageName, routeTo } from "../../logic/route";
import { useAlert } from "../../state/queries";
import { usePendingAlert } from "../../state/shown";
import { AlertFacts } from "./AlertFacts";
import { CaseEvidence } from "./CaseEvidence";
import { CaseHead } from "./CaseHead";
import { EvidenceStrip } from "./EvidenceStrip";
import { useEscape } from "./useEscape";
import { useRepeatSteps } from "./useRepeatSteps";

/** Where those who look at a case differ. */
export interface Parts {
  /** Above the pictures. */
  notes?: ReactNode;
  /** What was done about it. */
  done: ReactNode;
  /** What can be done. */
  steps: ReactNode;
}

interface Props {
  id: string;
  /** The page of the list it stands beside. */
  list: PageName;
  /** What to do where the case is not there any more. */
  gone: string;
  partsOf(alert: Alert): Parts;
}

export function CaseDetail({ id, list, gone, partsOf }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = useAlert(id);
  const back = routeTo(list);
  useEscape(back);
  return (
    <Loaded
      asked={asked}
      empty={asked.data === undefined}
      emptyState={<Empty icon="alerts" title={t("alerts.gone")} text={gone} />}
    >
      {asked.data && <Detail alert={asked.data} back={back} partsOf={partsOf} />}
    </Loaded>
  );
}

function Detail({ alert: stored, back, partsOf }: { alert: Alert; back: string; partsOf: Props["partsOf"] }): ReactElement {
  const { t } = useTranslation();
  const alert = usePendingAlert(stored);
  const repeats = useRepeatSteps(alert);
  const { evidence } = repeats.shown;
  const { notes, done, steps } = partsOf(alert);
  return (
    <>
      <CaseHead alert={alert} evidence={evidence} back={back}>
        <StateBadge state={alert.state} />
      </CaseHead>
      <div className="panel-scroll detail" role="group" tabIndex={0} aria-label={t("action.details")}>
        <CaseEvidence alert={alert} repeats={repeats} notes={notes} unseen={<p className="quiet">{t("alerts.no_evidence")}</p>} />
        <div className="detail-columns">
          <AlertFacts alert={alert} />
          {done}
        </div>
        <EvidenceStrip evidence={evidence} />
      </div>
      <footer className="focus-foot act">{steps}</footer>
    </>
  );
}
