// What can be done to an alert now, as the gateway allows it.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, AlertState } from "../../api/types";
import { isOpen } from "../../logic/alerts";
import { useSteps } from "../../state/steps";

const ORDER: readonly AlertState[] = ["acknowledged", "dispatched", "resolved", "false_alarm", "raised"];

interface Props {
  alert: Alert;
  note?: string;
  /** After a step was taken. */
  onStep?(): void;
}

export function StepButtons({ alert, note = "", onStep }: Props): ReactElement {
  const { t } = useTranslation();
  const { acknowledge, take } = useSteps();
  const step = (to: AlertState): void => {
    if (to === "acknowledged" && alert.state === "raised" && note === "") acknowledge(alert);
    else take(alert, to, note);
    onStep?.();
  };
  const steps = ORDER.filter((to) => alert.allowed.includes(to));
  if (steps.length === 0) return <span className="steps steps-pending">{t("action.pending")}</span>;
  return (
    <div className="steps">
      {steps.map((to) => (
        <button key={to} type="button" className={`button step step-${to}`} data-step={to} onClick={() => step(to)}>
          {wording(t, alert, to)}
          {to === "acknowledged" && alert.state === "raised" && <kbd>A</kbd>}
        </button>
      ))}
    </div>
  );
}

function wording(t: TFunction, alert: Alert, to: AlertState): string {
  if (to === "raised" && !isOpen(alert)) return t("action.reopen");
  if (alert.candidate && to === "dispatched") return t("candidate.confirm");
  if (alert.candidate && to === "false_alarm") return t("candidate.reject");
  return t(`action.${to}`);
}
