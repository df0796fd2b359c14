// What the live stream says, typed.
import type { Alert, Lane, NodeStatus, Notice, Passage } from "../api/types";
import type { ServerEvent } from "./sse";

export type LiveEvent =
  | { kind: "passage"; value: Passage }
  | { kind: "alert"; value: Alert }
  | { kind: "node"; value: NodeStatus }
  | { kind: "lane"; value: Lane }
  | { kind: "notice"; value: Notice }
  /** Only that it changed. */
  | { kind: "watch_list"; value: { id: string } };

const KINDS = new Set(["passage", "alert", "node", "lane", "notice", "watch_list"]);

/** Null for a kind that a newer gateway may know and this page does not; throws a SyntaxError for what is no JSON. */
export function readLiveEvent(event: ServerEvent): LiveEvent | null {
  if (!KINDS.has(event.event)) return null;
  return { kind: event.event, value: JSON.parse(event.data) } as LiveEvent;
}
