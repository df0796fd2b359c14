// A node's health as it is now, between two answers of the gateway.
import type { NodeStatus } from "../../api/types";
import { type Health, nodeHealth } from "../../logic/health";
import { useLine } from "../../state/line";
import { useSite } from "../../state/session";
import { useLocalNow, useNow } from "../../state/now";

export function useNodeHealth(node: NodeStatus): Health {
  const now = useNow();
  const connected = useLine((line) => line.state !== "lost");
  return nodeHealth(node, now, connected, useSite().silent_s);
}

/** Seconds since the answer came, by this computer's own clock. */
export const useSinceFetch = (updatedAt: number): number => Math.max(0, (useLocalNow() - updatedAt) / 1000);
