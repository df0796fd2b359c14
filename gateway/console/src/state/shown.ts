// The open alerts as the guard sees them: in order, with the steps that are under way already shown.
import { useMemo } from "react";
import type { Alert } from "../api/types";
import { compareForGuard, isOpen } from "../logic/alerts";
import { type Taken, useDesk } from "./desk";
import { useOpenAlerts } from "./queries";

/** The alert in the state that it is about to have; nothing can be done to it meanwhile. */
export const asPending = (alert: Alert, taken: Taken | undefined): Alert =>
  taken === undefined || taken.to === alert.state ? alert : { ...alert, state: taken.to, allowed: [] };

export function usePendingAlert(alert: Alert): Alert {
  const taken = useDesk((desk) => desk.pending[alert.id]);
  return useMemo(() => asPending(alert, taken), [alert, taken]);
}

type Pending = Readonly<Record<string, Taken>>;

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
