// What stands on the plan now: lanes as they are, alerts where they are; of what a role may not see nothing is asked.
import { useQuery } from "@tanstack/react-query";
import type { Drawing } from "../../api/sitePlan";
import { fetchLanes, fetchNodes } from "../../api/site";
import type { Alert, NodeStatus } from "../../api/types";
import { keys } from "../../live/keys";
import { type LaneState, laneState, shownLanes, standingOf } from "../../logic/lanes";
import { laneIdOf, type Raised, raisedAt } from "../../logic/plan/standing";
import { workOf } from "../../logic/roles";
import { useLine } from "../../state/line";
import { useNow } from "../../state/now";
import { useRole } from "../../state/session";
import { useShownAlerts } from "../../state/shown";

const NODES_EVERY_MS = 4_000;

/** Whether the role works with lanes and cameras; others are shown the plan and their alerts. */
export const useSeesLanes = (): boolean => workOf(useRole()).includes("watch");

export function useKnown() {
  const enabled = useSeesLanes();
  const nodes = useQuery({
    queryKey: keys.nodes(),
    queryFn: ({ signal }) => fetchNodes(signal),
    refetchInterval: NODES_EVERY_MS,
    enabled,
  });
  const lanes = useQuery({ queryKey: keys.lanes(), queryFn: ({ signal }) => fetchLanes(signal), enabled });
  return { nodes: nodes.data ?? [], lanes: lanes.data ?? [] };
}

export interface Stage {
  drawing: Drawing;
  /** By the gate's id in the drawing; nothing of gates that are linked to no lane. */
  gates: ReadonlyMap<string, LaneState>;
  /** Likewise: until when it was ordered to stand so, where that has an end. */
  ends: ReadonlyMap<string, string>;
  raised: Raised[];
  elsewhere: Alert[];
  nodes: NodeStatus[];
}

export function useStage(drawing: Drawing): Stage {
  const { nodes, lanes } = useKnown();
  const now = useNow();
  const connected = useLine((line) => line.state !== "lost");
  const { places: raised, elsewhere } = raisedAt(drawing, useShownAlerts());
  const shown = shownLanes(lanes, nodes);
  const gates = new Map<string, LaneState>();
  const ends = new Map<string, string>();
  for (const gate of drawing.gates) {
    const lane = shown.find(({ id }) => id === laneIdOf(gate));
    if (lane === undefined) continue;
    gates.set(gate.id, laneState(lane, now, connected));
    const until = standingOf(lane)?.until ?? null;
    if (until !== null) ends.set(gate.id, until);
  }
  return { drawing, gates, ends, raised, elsewhere, nodes };
}
