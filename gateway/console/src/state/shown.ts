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

type Pending = Readonly<Record<string, AlertState>>;

const NONE: readonly Alert[] = [];
/** Put in order once: several parts of a page ask for the same ones. */
const ordered = new WeakMap<readonly Alert[], { pending: Pending; shown: Alert[] }>();

function shownOf(data: readonly Alert[], pending: Pending): Alert[] {
  const known = ordered.get(data);
  if (known?.pending === pending) return known.shown;
  const open = data.map((alert) => asPending(alert, pending[alert.id])).filter(isOpen);
  const shown = open.toSorted(compareForGuard);
  ordered.set(data, { pending, shown });
  return shown;
}

export function useShownAlerts(): Alert[] {
  const { data } = useOpenAlerts();
  const pending = useDesk((desk) => desk.pending);
  return shownOf(data ?? NONE, pending);
}
