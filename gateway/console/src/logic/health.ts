// Whether a node and its cameras can be believed: from the age of what they last said, never from a flag alone.
import type { CameraStatus, NodeState, NodeStatus } from "../api/types";
import { ageSeconds } from "./age";

/** A node beats every few seconds; offline must be on the screen within 15 s, however patient the site is otherwise. */
export const SILENT_AFTER_S = 13;
/** A camera without a frame for this long sees nothing. */
export const BLIND_AFTER_S = 10;

export type Health = NodeState | "starting" | "unknown";

/** `now`: the gateway's clock in ms; `connected`: whether the gateway can be heard; `patience`: the site's, in s. */
export function nodeHealth(node: NodeStatus, now: number, connected: boolean, patience: number): Health {
  if (!connected) return "unknown";
  if (node.last_seen === null || ageSeconds(node.last_seen, now) > Math.min(SILENT_AFTER_S, patience)) return "offline";
  return node.state;
}

/** `sinceFetch_s`: how old the answer is that stated the frame's age. */
export function cameraHealth(camera: CameraStatus, node: Health, sinceFetch_s: number): Health {
  if (node === "offline" || node === "unknown") return node;
  if (camera.state !== "online") return camera.state;
  const age = camera.last_frame_age_s;
  return age !== null && age + sinceFetch_s > BLIND_AFTER_S ? "blind" : "online";
}

/** Nodes after one of them said something new. */
export function mergeNodes(nodes: readonly NodeStatus[], incoming: NodeStatus): NodeStatus[] {
  const known = nodes.some((node) => node.id === incoming.id);
  if (!known) return [...nodes, incoming].toSorted((a, b) => a.id.localeCompare(b.id));
  return nodes.map((node) => (node.id === incoming.id ? incoming : node));
}
