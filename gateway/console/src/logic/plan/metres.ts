// From the plan to the ground: metres around the sheet's middle, x to the right, z towards its lower edge, y up.
import type { Building, Drawing, Point, Sheet, Zone } from "../../api/sitePlan";
import type { Outline } from "./geometry";

export interface Ground {
  x: number;
  z: number;
}

export const metresPerUnit = (sheet: Sheet): number => sheet.metres_wide / sheet.width;

export function toMetres(sheet: Sheet, [x, y]: Point): Ground {
  const per = metresPerUnit(sheet);
  return { x: (x - sheet.width / 2) * per, z: (y - sheet.height / 2) * per };
}

/** The turn about the upright axis, in radians, of what points to -z when it is not turned. */
export const turnOf = (heading: number): number => (-heading * Math.PI) / 180;

/** A body between two heights over an outline, in metres. */
export interface Solid {
  id: string;
  outline: readonly Ground[];
  bottom: number;
  top: number;
}

const onGround = (sheet: Sheet, outline: Outline): Ground[] => outline.map((point) => toMetres(sheet, point));

/** The storeys of a building, the lowest first. */
export function storeys(sheet: Sheet, building: Building): Solid[] {
  const outline = onGround(sheet, building.outline);
  return Array.from({ length: building.floors }, (_, floor) => ({
    id: `${building.id}-${floor + 1}`,
    outline,
    bottom: building.base_m + floor * building.floor_height_m,
    top: building.base_m + (floor + 1) * building.floor_height_m,
  }));
}

/** So thick is a zone where it is drawn, in metres: enough to be seen, too little to be a wall. */
export const ZONE_THICK = 0.15;

/** A zone as a slab on its floor. */
export function slab(drawing: Drawing, zone: Zone): Solid {
  const building = drawing.buildings.find(({ id }) => id === zone.building);
  const bottom = building === undefined ? 0 : building.base_m + (zone.floor - 1) * building.floor_height_m;
  return { id: zone.id, outline: onGround(drawing.sheet, zone.outline), bottom, top: bottom + ZONE_THICK };
}

/** How high everything drawn reaches, in metres. */
export const highest = (drawing: Drawing): number =>
  Math.max(0, ...drawing.buildings.map((each) => each.base_m + each.floors * each.floor_height_m));
