// A day at one gate, as steps that are walked through in their order.
import type { Happened } from "../api/replay";
import type { Alert, LaneDecision, Passage } from "../api/types";

export type Step = { at: string; id: string } & ({ kind: "passage"; passage: Passage } | { kind: "alert"; alert: Alert } | { kind: "decision"; decision: LaneDecision });

interface Place {
  /** As nodes call it: a lane or a camera. */
  id: string;
}

const isThere = ({ id }: Place, { lane, camera }: Pick<Alert, "lane" | "camera">): boolean => lane === id || camera === id;

/** Alerts stand where they happened last; one that a passage shows already stands there alone. */
export function stepsOf({ passages, alerts, decisions }: Omit<Happened, "whole">, place: Place): Step[] {
  const passed = passages.filter((passage) => isThere(place, passage));
  const shown = new Set(passed.flatMap((passage) => passage.alert_ids));
  const steps: Step[] = [
    ...passed.map((passage): Step => ({ kind: "passage", at: passage.time, id: `p${passage.id}`, passage })),
    ...alerts
      .filter((alert) => isThere(place, alert) && !shown.has(alert.id))
      .map((alert): Step => ({ kind: "alert", at: alert.last_at, id: `a${alert.id}`, alert })),
    ...decisions.map((decision): Step => ({ kind: "decision", at: decision.time, id: `d${decision.transaction}/${decision.time}`, decision })),
  ];
  return steps.toSorted((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

export const isGrave = (step: Step): boolean => step.kind === "alert" || (step.kind === "passage" && step.passage.alert_ids.length > 0);

/** Where a moment lies in a stretch, 0 to 1. */
export function share(at: string, since: string, until: string): number {
  const [from, to] = [Date.parse(since), Date.parse(until)];
  return Math.min(1, Math.max(0, (Date.parse(at) - from) / (to - from)));
}
