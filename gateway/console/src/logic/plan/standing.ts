// What stands where on a plan: which gate is which lane, and at which of them an alert happened.
import type { Alert, Severity } from "../../api/types";
import type { Drawing, Gate, PlanCamera } from "../../api/sitePlan";
import { compareForGuard, isOfLane, isUnacknowledged } from "../alerts";

export type Spot = { kind: "gate"; part: Gate } | { kind: "camera"; part: PlanCamera };

interface Somewhere {
  node: string;
  camera: string | null;
  lane: string | null;
}

export const laneIdOf = (gate: Gate): string | null =>
  gate.node === null || gate.lane === null ? null : `${gate.node}/${gate.lane}`;

export const eyeIdOf = (camera: PlanCamera): string | null =>
  camera.node === null || camera.camera === null ? null : `${camera.node}/${camera.camera}`;

export const spotsOf = (drawing: Drawing): Spot[] => [
  ...drawing.gates.map((part): Spot => ({ kind: "gate", part })),
  ...drawing.cameras.map((part): Spot => ({ kind: "camera", part })),
];

const gateOf = (drawing: Drawing, { node, lane }: Somewhere): Spot | null => {
  const part = lane === null ? undefined : drawing.gates.find((gate) => gate.node === node && gate.lane === lane);
  return part === undefined ? null : { kind: "gate", part };
};

const cameraOf = (drawing: Drawing, { node, camera }: Somewhere): Spot | null => {
  const part = drawing.cameras.find((each) => each.node === node && each.camera === camera);
  return part === undefined ? null : { kind: "camera", part };
};

/** Whatever else of the same node is drawn: near enough to run there, and told as such by its name. */
const nearby = (drawing: Drawing, { node }: Somewhere): Spot | null =>
  spotsOf(drawing).find(({ part }) => part.node === node) ?? null;

/** Where something was: the camera that saw it, else its lane, else anything of its node; null: nothing of it is drawn. */
export const spotOf = (drawing: Drawing, where: Somewhere): Spot | null =>
  cameraOf(drawing, where) ?? gateOf(drawing, where) ?? nearby(drawing, where);

/** Likewise of who passed: a passage is at its lane first. */
export const passedAt = (drawing: Drawing, where: Somewhere): Spot | null =>
  gateOf(drawing, where) ?? cameraOf(drawing, where) ?? nearby(drawing, where);

/** An alert that a reader or contact told of stands at its lane. */
export const alertSpot = (drawing: Drawing, alert: Alert): Spot | null =>
  isOfLane(alert) ? passedAt(drawing, alert) : spotOf(drawing, alert);

export interface Raised {
  spot: Spot;
  /** What a guard looks at first comes first. */
  alerts: Alert[];
  severity: Severity;
  /** Somebody is still to look at one of them. */
  waiting: boolean;
}

/** The alerts by where they are, and those that are nowhere on the plan. */
export function raisedAt(drawing: Drawing, alerts: readonly Alert[]): { places: Raised[]; elsewhere: Alert[] } {
  const found = new Map<string, { spot: Spot; alerts: Alert[] }>();
  const elsewhere: Alert[] = [];
  for (const alert of alerts.toSorted(compareForGuard)) {
    const spot = alertSpot(drawing, alert);
    if (spot === null) elsewhere.push(alert);
    else {
      const there = found.get(spot.part.id) ?? { spot, alerts: [] };
      there.alerts.push(alert);
      found.set(spot.part.id, there);
    }
  }
  return { places: [...found.values()].map(told), elsewhere };
}

const WEIGHT: readonly Severity[] = ["critical", "major", "minor", "info"];

function told({ spot, alerts }: { spot: Spot; alerts: Alert[] }): Raised {
  const severity = WEIGHT.find((each) => alerts.some((alert) => alert.severity === each)) ?? "info";
  return { spot, alerts, severity, waiting: alerts.some(isUnacknowledged) };
}
