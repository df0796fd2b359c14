// The open alerts as the guard sees them: in order, with the steps that are under way already shown.
import { useMemo } from "react";
import type { Alert, AlertState } from "../api/types";
import { compareForGuard, isOpen } from "../logic/alerts";
import { useDesk } from "./desk";
import { useOpenAlerts } from "./queries";

/** The alert in the state that it is about to have; nothing can be done to it meanwhile. */
export const asPending = (alert: Alert, to: AlertState | undefined): Alert =>
  to === undefined || to === alert.state ? alert : { ...alert, state: to, allowed: [] };

export function usePendingAlert(alert: Alert): Alert {
  const to = useDesk((desk) => desk.pending[alert.id]);
  return useMemo(() => asPending(alert, to), [alert, to]);
}

export function useShownAlerts(): Alert[] {
  const { data } = useOpenAlerts();
  const pending = useDesk((desk) => desk.pending);
  return useMemo(
    () =>
      (data ?? [])
        .map((alert) => asPending(alert, pending[alert.id]))
        .filter(isOpen)
        .toSorted(compareForGuard),
    [data, pending],
  );
}
