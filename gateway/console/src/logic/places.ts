// What people call cameras and lanes; the id where nobody named them.
import type { Site } from "../api/types";

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
