// How a lane is to be shown: from its last decision, what became of it, and how its barrier is.
import type { DeviceStatus, Lane, LaneDecision, NodeStatus } from "../api/types";
import { ageSeconds } from "./age";
import { isOfCardAlone } from "./passages";

/** How long a barrier that was opened once is shown as open: longer than any pulse, shorter than a glance. */
export const OPEN_FOR_S = 5;
/** An order that the barrier has not answered by then is not on its way any more. */
export const OPENING_FOR_S = 10;
/** How long a refusal stands out. */
export const REFUSED_FOR_S = 10;

export type LaneState =
  | "closed"
  | "opening"
  | "open"
  | "held_open"
  | "locked"
  | "released"
  | "failed"
  | "unsure"
  | "unknown";

/** A lane as it is shown; without a decision it has only its devices. */
export interface ShownLane {
  id: string;
  node: string;
  lane: string;
  known: Lane | null;
  devices: DeviceStatus[];
}

/** Lanes after one of them said something new. */
export function mergeLanes(lanes: readonly Lane[], incoming: Lane): Lane[] {
  const others = lanes.filter((lane) => lane.id !== incoming.id);
  return [...others, incoming].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** Every lane that has decided something or has a reader or barrier. */
export function shownLanes(lanes: readonly Lane[], nodes: readonly NodeStatus[]): ShownLane[] {
  const shown = new Map<string, ShownLane>();
  for (const lane of lanes) {
    shown.set(lane.id, { id: lane.id, node: lane.node, lane: lane.lane, known: lane, devices: [] });
  }
  for (const node of nodes) {
    for (const device of node.devices ?? []) {
      if (device.lane === "") continue;
      const id = `${node.id}/${device.lane}`;
      const known = shown.get(id) ?? { id, node: node.id, lane: device.lane, known: null, devices: [] };
      shown.set(id, { ...known, devices: [...known.devices, device] });
    }
  }
  return [...shown.values()].toSorted((a, b) => a.id.localeCompare(b.id));
}

/** `now`: the gateway's clock in ms; `connected`: whether the gateway can be heard. */
export function laneState({ known, devices }: ShownLane, now: number, connected: boolean): LaneState {
  if (!connected) return "unknown";
  if (devices.some((device) => device.kind === "barrier" && device.state === "offline")) return "unknown";
  const decision = known?.decision ?? null;
  const actuated = known?.actuated ?? null;
  const answered = decision !== null && actuated?.transaction === decision.transaction;
  const last = answered || decision === null ? actuated?.result : undefined;
  if (last === "failed") return "failed";
  if (last === "unknown") return "unsure";
  if (known !== null && known.standing !== "normal") return known.standing;
  if (decision?.verdict !== "open") return "closed";
  if (!answered || actuated === null) return waits(devices) && ageSeconds(decision.time, now) < OPENING_FOR_S ? "opening" : "closed";
  return ageSeconds(actuated.time, now) < OPEN_FOR_S ? "open" : "closed";
}

/** A lane without a barrier has nothing that could move. */
const waits = (devices: readonly DeviceStatus[]): boolean => devices.some((device) => device.kind === "barrier");

/** What people brought the lane into that stands now, with its end and who ordered it; null: as always. */
export function standingOf({ known }: ShownLane): { until: string | null; by: string; why: string } | null {
  if (known === null || known.standing === "normal") return null;
  return { until: known.until, by: known.by, why: known.why };
}

/** Whether somebody was refused a moment ago. */
export const justRefused = ({ known }: ShownLane, now: number): boolean =>
  known?.decision?.verdict === "refuse" && !known.decision.by_hand && ageSeconds(known.decision.time, now) < REFUSED_FOR_S;

/** The devices that somebody must see to. */
export const ailing = (devices: readonly DeviceStatus[]): DeviceStatus[] =>
  devices.filter((device) => device.state === "down" || device.cause !== "");

/** What names whoever asked: their card or face, whose card they have or car they are in, or nothing. */
export type Whose = "by_hand" | "candidate" | "card_of" | "car_of" | "person" | "plate" | "nobody";

export function whoseOf(decision: LaneDecision): Whose {
  if (decision.by_hand) return "by_hand";
  if (decision.person !== null) {
    if (decision.candidate) return "candidate";
    if (decision.plate !== null) return "car_of";
    return isOfCardAlone(decision) ? "card_of" : "person";
  }
  return decision.plate === null ? "nobody" : "plate";
}
