// What people call cameras and lanes; the id where nobody named them.
import type { Alert, Passage, Site } from "../api/types";
import { isOfLane } from "./alerts";
import { hasEyes } from "./evidence";

export type Names = Pick<Site, "cameras" | "lanes">;

export const cameraName = (names: Names, camera: string, node = ""): string =>
  names.cameras[`${node}/${camera}`] ?? names.cameras[camera] ?? camera;

export const laneName = (names: Names, lane: string): string => names.lanes[lane] ?? lane;

interface Somewhere {
  node: string;
  camera: string | null;
  lane: string | null;
}

/** Where it was, as shortly as a guard would say it. */
export function placeName(names: Names, { node, camera, lane }: Somewhere): string {
  if (camera !== null) return cameraName(names, camera, node);
  return lane === null ? node : laneName(names, lane);
}

/** Where a passage was: at its lane where no camera saw it, else where its camera is. */
export const passagePlace = (names: Names, passage: Passage): string =>
  placeName(names, passage.lane !== null && !hasEyes(passage.evidence) ? { ...passage, camera: null } : passage);

/** Where an alert was: at its lane where a reader or contact told of it, else where its camera is. */
export const alertPlace = (names: Names, alert: Alert): string =>
  placeName(names, isOfLane(alert) ? { ...alert, camera: null } : alert);
