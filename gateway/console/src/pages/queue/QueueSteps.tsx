// What an officer can say to a case now: one press or key each.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Finding } from "../../api/types";
import { canClose, isOpen, isUnacknowledged } from "../../logic/alerts";
import { useDesk } from "../../state/desk";
import { useSteps } from "../../state/steps";

interface Props {
  alert: Alert;
  onJudge(alert: Alert, finding: Finding): void;
}

export function QueueSteps({ alert, onJudge }: Props): ReactElement {
  const { t } = useTranslation();
  const { acknowledge, take } = useSteps();
  const act = useDesk((desk) => desk.act);
  if (alert.allowed.length === 0) return <span className="steps steps-pending">{t("action.pending")}</span>;
  if (!isOpen(alert)) {
    return (
      <div className="steps">
        <button type="button" className="button step" data-step="raised" onClick={() => take(alert, "raised")}>
          {t("action.reopen")}
        </button>
      </div>
    );
  }
  return (
    <div className="steps">
      <button type="button" className="button step step-confirm" data-step="confirmed" onClick={() => onJudge(alert, "confirmed")}>
        {t("queue.confirm")}… <kbd>Y</kbd>
      </button>
      <button type="button" className="button step step-reject" data-step="rejected" onClick={() => onJudge(alert, "rejected")}>
        {t("queue.reject")}… <kbd>N</kbd>
      </button>
      {isUnacknowledged(alert) && (
        <button type="button" className="button step" data-step="acknowledged" onClick={() => acknowledge(alert)}>
          {t("queue.received")} <kbd>A</kbd>
        </button>
      )}
      {alert.allowed.includes("dispatched") && (
        <button type="button" className="button step" data-step="dispatched" onClick={() => act({ id: alert.id, what: "dispatch" })}>
          {t("queue.dispatch")}… <kbd>D</kbd>
        </button>
      )}
      {canClose(alert) && (
        <button type="button" className="button step" data-step="close" onClick={() => act({ id: alert.id, what: "close" })}>
          {t("queue.result")}… <kbd>C</kbd>
        </button>
      )}
    </div>
  );
}
