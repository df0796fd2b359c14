// What a live tile may claim: by the age of its picture, and by what is known of its camera.
import type { Alert, NodeStatus } from "../api/types";
import type { Health } from "./health";

/** Two come a second; one that is older than this is said to be late. */
export const LATE_AFTER_S = 3;
/** Older than this it shows the past: the tile is offline, whatever node and camera say of themselves. */
export const GONE_AFTER_S = 10;

/** `waiting`: asked for, and nothing came yet; that is no fault so soon. */
export type TileState = "live" | "late" | "offline" | "blind" | "waiting";

/** `age_s`: of the picture, null: none yet; `asked_s`: for how long it has been asked for. */
export function tileState(age_s: number | null, asked_s: number, camera: Health): TileState {
  if (camera === "offline" || camera === "unknown") return "offline";
  if (camera === "blind") return "blind";
  if (age_s === null) return asked_s > GONE_AFTER_S ? "offline" : "waiting";
  if (age_s > GONE_AFTER_S) return "offline";
  return age_s > LATE_AFTER_S ? "late" : "live";
}

export interface Eye {
  node: NodeStatus;
  camera: NodeStatus["cameras"][number];
}

/** Every camera of the site, each beside its node's others. */
export const eyesOf = (nodes: readonly NodeStatus[]): Eye[] =>
  nodes.flatMap((node) => node.cameras.map((camera) => ({ node, camera })));

/** Whether a camera is where an alert is: it saw it, or has a part in its evidence. */
export function sees(eye: Eye, alert: Pick<Alert, "node" | "camera" | "evidence"> | undefined): boolean {
  if (alert?.node !== eye.node.id) return false;
  return alert.camera === eye.camera.id || alert.evidence.some((piece) => piece.camera === eye.camera.id);
}
