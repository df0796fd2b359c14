// Which nodes the guard's strip shows: all of a school's, of a district's those that somebody must look after.
import type { NodeStatus } from "../api/types";
import { cameraHealth, type Health, nodeHealth } from "./health";

/** More pills than these nobody looks through. */
export const MOST = 40;

export interface Moment {
  /** The gateway's clock in ms. */
  now: number;
  connected: boolean;
  /** The site's, in s. */
  patience: number;
  /** How old the nodes' answer is, in s. */
  sinceFetch: number;
}

export interface Seen {
  id: string;
  health: Health;
  cameras: { id: string; health: Health }[];
}

export function seenNode(node: NodeStatus, { now, connected, patience, sinceFetch }: Moment): Seen {
  const health = nodeHealth(node, now, connected, patience);
  const cameras = node.cameras.map((camera) => ({ id: camera.id, health: cameraHealth(camera, health, sinceFetch) }));
  return { id: node.id, health, cameras };
}

const isWell = (node: Seen): boolean =>
  node.health === "online" && node.cameras.every((camera) => camera.health === "online");

/** `well`: how many are left out since nothing ails them, `more`: how many that are not well have no place. */
export function inStrip(nodes: readonly Seen[]): { shown: readonly Seen[]; well: number; more: number } {
  if (nodes.length <= MOST) return { shown: nodes, well: 0, more: 0 };
  const ailing = nodes.filter((node) => !isWell(node));
  const shown = ailing.slice(0, MOST);
  return { shown, well: nodes.length - ailing.length, more: ailing.length - shown.length };
}
