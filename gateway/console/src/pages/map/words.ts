// What is said of a gate, camera or area in one line, for lists, tooltips and screen readers alike.
import type { TFunction } from "i18next";
import type { LaneState } from "../../logic/lanes";
import type { Raised, Spot } from "../../logic/plan/standing";

export function spotLabel(t: TFunction, spot: Spot, state: LaneState | undefined, raised: Raised | undefined): string {
  const parts = [`${t(`map.${spot.kind}`)} ${spot.part.name}`];
  if (state !== undefined) parts.push(t(`lane.state_${state}`));
  if (raised !== undefined) parts.push(t("map.alert_count", { number: raised.alerts.length }), t(`severity.${raised.severity}`));
  return parts.join(" · ");
}

/** Whether a lane's barrier is out of the way. */
export const isUp = (state: LaneState | undefined): boolean => state === "open" || state === "held_open" || state === "released";
