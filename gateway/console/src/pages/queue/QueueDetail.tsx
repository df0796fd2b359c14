// One case before an officer, and the word that is asked for.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Finding } from "../../api/types";
import { CaseDetail, type Parts } from "../alerts/CaseDetail";
import { Life } from "../alerts/Life";
import { QueueSteps } from "./QueueSteps";

interface Props {
  id: string;
  onJudge(alert: Alert, finding: Finding): void;
}

const officersParts =
  (onJudge: Props["onJudge"]) =>
  (alert: Alert): Parts => ({ done: <Life alert={alert} />, steps: <QueueSteps alert={alert} onJudge={onJudge} /> });

export function QueueDetail({ id, onJudge }: Props): ReactElement {
  const { t } = useTranslation();
  return <CaseDetail id={id} list="queue" gone={t("queue.empty_text")} partsOf={officersParts(onJudge)} />;
}
