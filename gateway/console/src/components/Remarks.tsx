// What the page says in passing: a step undone, somebody who was faster. And the chance to undo.
import { type ReactElement, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { alertKind } from "../i18n/codes";
import { secondsLeft, stillUndoable } from "../logic/undo";
import { type Remark, useDesk } from "../state/desk";
import { useLocalNow } from "../state/now";
import { useShownAlerts } from "../state/shown";
import { useSteps } from "../state/steps";

const SHOWN_MS = { calm: 4_000, warning: 9_000 };

export function Remarks(): ReactElement {
  const remarks = useDesk((desk) => desk.remarks);
  return (
    <div className="remarks" role="status" aria-live="polite">
      {remarks.map((remark) => (
        <Said key={remark.id} remark={remark} />
      ))}
      <UndoBar />
    </div>
  );
}

function Said({ remark }: { remark: Remark }): ReactElement {
  const unsay = useDesk((desk) => desk.unsay);
  useEffect(() => {
    const timer = setTimeout(() => unsay(remark.id), SHOWN_MS[remark.tone]);
    return () => clearTimeout(timer);
  }, [remark, unsay]);
  return <div className={`remark remark-${remark.tone}`}>{remark.text}</div>;
}

function UndoBar(): ReactElement | null {
  const { t } = useTranslation();
  const now = useLocalNow();
  const last = useDesk((desk) => desk.undoable.at(-1));
  const alert = useShownAlerts().find((item) => item.id === last?.alertId);
  const { undo } = useSteps();
  if (last === undefined || alert === undefined || !stillUndoable(last, now)) return null;
  return (
    <div className="remark remark-undo">
      <span>{t("undo.done", { what: alertKind(t, alert.kind) })}</span>
      {/* The countdown is for the eye alone: a screen reader would read every second of it. */}
      <span className="remark-left" aria-hidden="true">
        {t("undo.left", { seconds: secondsLeft(last, now) })}
      </span>
      <button type="button" className="button button-inverse" onClick={() => undo(alert)}>
        {t("action.undo")} <kbd>Z</kbd>
      </button>
    </div>
  );
}
