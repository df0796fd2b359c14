// Whether a drawing can be saved: the gateway's own rules, told at the part that is at fault while it is drawn.
import type { Drawing, Point } from "../../api/sitePlan";
import { type Flaw, flaw } from "./geometry";
import { eyeIdOf, laneIdOf } from "./standing";

export type FaultCode = Flaw | "name" | "beside" | "building" | "floor" | "lane_twice" | "camera_twice";

export interface Fault {
  /** Of the part that is at fault. */
  id: string;
  code: FaultCode;
}

export function faultsOf(drawing: Drawing): Fault[] {
  return [...outlines(drawing), ...places(drawing), ...names(drawing), ...floors(drawing), ...twice(drawing)];
}

function outlines({ buildings, zones }: Drawing): Fault[] {
  return [...buildings, ...zones].flatMap(({ id, outline }) => {
    const code = flaw(outline);
    return code === null ? [] : [{ id, code }];
  });
}

function places({ sheet, buildings, zones, gates, cameras }: Drawing): Fault[] {
  const on = ([x, y]: Point): boolean => x >= 0 && y >= 0 && x <= sheet.width && y <= sheet.height;
  const areas = [...buildings, ...zones].filter(({ outline }) => !outline.every(on));
  const spots = [...gates, ...cameras].filter(({ at }) => !on(at));
  return [...areas, ...spots].map(({ id }) => ({ id, code: "beside" }));
}

const names = ({ buildings, zones, gates, cameras }: Drawing): Fault[] =>
  [...buildings, ...zones, ...gates, ...cameras].filter(({ name }) => name.trim() === "").map(({ id }) => ({ id, code: "name" }));

function floors({ buildings, zones }: Drawing): Fault[] {
  return zones.flatMap((zone): Fault[] => {
    const within = buildings.find(({ id }) => id === zone.building);
    if (zone.building !== null && within === undefined) return [{ id: zone.id, code: "building" }];
    return zone.floor >= 1 && zone.floor <= (within?.floors ?? 1) ? [] : [{ id: zone.id, code: "floor" }];
  });
}

function twice({ gates, cameras }: Drawing): Fault[] {
  const again = (ids: (string | null)[], id: string | null): boolean => id !== null && ids.filter((each) => each === id).length > 1;
  const lanes = gates.map(laneIdOf);
  const eyes = cameras.map(eyeIdOf);
  return [
    ...gates.filter((gate) => again(lanes, laneIdOf(gate))).map(({ id }): Fault => ({ id, code: "lane_twice" })),
    ...cameras.filter((camera) => again(eyes, eyeIdOf(camera))).map(({ id }): Fault => ({ id, code: "camera_twice" })),
  ];
}
