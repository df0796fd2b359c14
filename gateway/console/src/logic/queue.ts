// The officer's queue: what is to be judged first, and what stands where.
import type { Alert, Severity } from "../api/types";
import { lastRaisedAt } from "./alerts";

export type QueuePart = "to_judge" | "other" | "judged";
export const QUEUE_PARTS: readonly QueuePart[] = ["to_judge", "other", "judged"];

export interface QueueGroup {
  part: QueuePart;
  alerts: Alert[];
}

const WEIGHT: Record<Severity, number> = { critical: 0, major: 1, minor: 2, info: 3 };

/** How often it happened after the last verdict; null: nobody has judged it at all. */
export const unjudgedSince = (alert: Alert): number | null =>
  alert.verdict ? Math.max(0, alert.count - alert.verdict.count) : null;

export const isJudged = (alert: Alert): boolean => unjudgedSince(alert) === 0;

export function partOf(alert: Alert): QueuePart {
  if (isJudged(alert)) return "judged";
  return alert.candidate ? "to_judge" : "other";
}

/** The most severe first; among equals who has waited longest. */
export const compareForOfficer = (a: Alert, b: Alert): number =>
  WEIGHT[a.severity] - WEIGHT[b.severity] || lastRaisedAt(a).localeCompare(lastRaisedAt(b)) || Number(a.id) - Number(b.id);

/** The parts that are not empty, in order. `place`: null for every place. */
export function queueOf(
  alerts: readonly Alert[],
  severities: readonly Severity[],
  place: string | null,
  placeOf: (alert: Alert) => string,
): QueueGroup[] {
  const shown = alerts
    .filter((alert) => severities.length === 0 || severities.includes(alert.severity))
    .filter((alert) => place === null || placeOf(alert) === place)
    .toSorted(compareForOfficer);
  return QUEUE_PARTS.map((part) => ({ part, alerts: shown.filter((alert) => partOf(alert) === part) })).filter(
    (group) => group.alerts.length > 0,
  );
}
