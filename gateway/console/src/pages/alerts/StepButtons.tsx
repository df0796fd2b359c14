// What can be done to an alert now, as the gateway allows it: one press or key each.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { canClose, isOpen } from "../../logic/alerts";
import { useDesk } from "../../state/desk";
import { useSteps } from "../../state/steps";

export function StepButtons({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const { acknowledge, take } = useSteps();
  const act = useDesk((desk) => desk.act);
  if (alert.allowed.length === 0) return <span className="steps steps-pending">{t("action.pending")}</span>;
  return (
    <div className="steps">
      {alert.allowed.includes("acknowledged") && (
        <button
          type="button"
          className="button step step-acknowledged"
          data-step="acknowledged"
          onClick={() => (alert.state === "raised" ? acknowledge(alert) : take(alert, "acknowledged"))}
        >
          {t("action.acknowledged")}
          {alert.state === "raised" && <kbd>A</kbd>}
        </button>
      )}
      {alert.allowed.includes("dispatched") && (
        <button
          type="button"
          className="button step"
          data-step="dispatched"
          onClick={() => act({ id: alert.id, what: "dispatch" })}
        >
          {alert.candidate ? t("candidate.confirm_short") : t("action.dispatched")}… <kbd>D</kbd>
        </button>
      )}
      {canClose(alert) && (
        <button type="button" className="button step" data-step="close" onClick={() => act({ id: alert.id, what: "close" })}>
          {t("step.close")}… <kbd>C</kbd>
        </button>
      )}
      {alert.allowed.includes("raised") && (
        <button type="button" className="button step" data-step="raised" onClick={() => take(alert, "raised")}>
          {isOpen(alert) ? t("action.raised") : t("action.reopen")}
        </button>
      )}
    </div>
  );
}
