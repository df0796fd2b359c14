// The queue's own keys: J and K walk it, Y and N give a verdict; the others are the same as everywhere.
import { useCallback, useEffect, useState } from "react";
import type { Alert, Finding } from "../../api/types";
import { isOpen, moveSelection } from "../../logic/alerts";
import { routeTo } from "../../logic/route";
import { go } from "../../state/route";

export interface Judging {
  alert: Alert;
  finding: Finding;
}

interface Keys {
  /** The verdict that somebody is about to give. */
  under: Judging | null;
  begin(alert: Alert, finding: Finding): void;
  end(): void;
}

const TYPING = "input, textarea, select, [role=menu]";
const FINDINGS: Record<string, Finding> = { y: "confirmed", n: "rejected" };
const WALKS: Record<string, 1 | -1> = { j: 1, k: -1 };

export function useQueueKeys(alerts: readonly Alert[], shown: string | null): Keys {
  const [under, setUnder] = useState<Judging | null>(null);
  const begin = useCallback((alert: Alert, finding: Finding) => setUnder({ alert, finding }), []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (target?.closest(TYPING) || document.querySelector("dialog[open]")) return;
      const key = event.key.toLowerCase();
      const delta = WALKS[key];
      const finding = FINDINGS[key];
      if (delta !== undefined) {
        const next = moveSelection(alerts.map((alert) => alert.id), shown, delta);
        if (next !== null) go(routeTo("queue", next));
      } else if (finding !== undefined && !event.repeat) {
        const alert = alerts.find((one) => one.id === shown);
        if (alert === undefined || !isOpen(alert) || alert.allowed.length === 0) return;
        // The key is not to be typed into the dialog that it opens.
        event.preventDefault();
        begin(alert, finding);
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [alerts, shown, begin]);
  return { under, begin, end: () => setUnder(null) };
}
