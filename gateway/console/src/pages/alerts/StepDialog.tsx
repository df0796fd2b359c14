// The case that somebody is about to hand on or close: opened by a key or a thumb, on every page.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/Dialog";
import { alertKind } from "../../i18n/codes";
import { useDesk } from "../../state/desk";
import { useShownAlerts } from "../../state/shown";
import { CloseForm } from "./CloseForm";
import { DispatchForm } from "./DispatchForm";

export function StepDialog(): ReactElement | null {
  const { t } = useTranslation();
  const acting = useDesk((desk) => desk.acting);
  const act = useDesk((desk) => desk.act);
  const alert = useShownAlerts().find((item) => item.id === acting?.id);
  if (acting === null || alert === undefined) return null;
  const title = t(acting.what === "dispatch" ? "step.dispatch_title" : "step.close_title", {
    what: alertKind(t, alert.kind),
  });
  const done = (): void => act(null);
  return (
    <Dialog key={acting.id} title={title} onClose={done}>
      {acting.what === "dispatch" ? <DispatchForm alert={alert} onDone={done} /> : <CloseForm alert={alert} onDone={done} />}
    </Dialog>
  );
}
