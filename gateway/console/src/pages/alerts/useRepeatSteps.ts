// Which of the times that a case was raised is looked at: the last one, until somebody steps back.
import { useMemo, useState } from "react";
import type { Alert } from "../../api/types";
import { useRepeats } from "../../state/queries";

export interface RepeatSteps {
  /** The case as it was at that time. */
  shown: Alert;
  /** When that was; null where it was raised once. */
  at: string | null;
  /** From 1, the last one; how many there are to look at, and how many there were. */
  place: number;
  kept: number;
  count: number;
  go(delta: 1 | -1): void;
}

export function useRepeatSteps(alert: Alert): RepeatSteps {
  const { data } = useRepeats(alert.id, alert.count);
  const [wanted, setWanted] = useState(0);
  const repeats = alert.count > 1 ? (data ?? []) : [];
  const index = Math.min(wanted, Math.max(0, repeats.length - 1));
  const chosen = repeats[index];
  const shown = useMemo(
    () => (chosen === undefined || index === 0 ? alert : { ...alert, ...chosen }),
    [alert, chosen, index],
  );
  return {
    shown,
    at: chosen?.at ?? null,
    place: index + 1,
    kept: repeats.length,
    count: alert.count,
    go: (delta) => setWanted(Math.min(Math.max(0, index + delta), Math.max(0, repeats.length - 1))),
  };
}
