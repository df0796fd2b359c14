// Changes to a drawing, each a new one; and what was drawn before, so that every step can be undone.
import type { Building, Drawing, Gate, PlanCamera, Point, Sheet, Zone } from "../../api/sitePlan";
import { between, isInside, middle } from "./geometry";

export const KINDS = ["building", "zone", "gate", "camera"] as const;
export type Kind = (typeof KINDS)[number];
export type Part = Building | Zone | Gate | PlanCamera;

/** A blank sheet as large as a school's ground. */
export const BLANK: Drawing = {
  sheet: { picture: null, width: 1200, height: 800, metres_wide: 120 },
  model: null,
  buildings: [],
  zones: [],
  gates: [],
  cameras: [],
};

export const LISTS = { building: "buildings", zone: "zones", gate: "gates", camera: "cameras" } as const;

export const isArea = (part: Part): part is Building | Zone => "outline" in part;

export const partsOf = (drawing: Drawing): { kind: Kind; part: Part }[] =>
  KINDS.flatMap((kind) => drawing[LISTS[kind]].map((part: Part) => ({ kind, part })));

export const findPart = (drawing: Drawing, id: string | null): { kind: Kind; part: Part } | null =>
  partsOf(drawing).find(({ part }) => part.id === id) ?? null;

/** Within the sheet, and to the hundredth of a unit: more would only be noise. */
export function onSheet({ width, height }: Sheet, [x, y]: Point): Point {
  const held = (value: number, most: number): number => Math.round(Math.min(most, Math.max(0, value)) * 100) / 100;
  return [held(x, width), held(y, height)];
}

export function freshId(drawing: Drawing, kind: Kind): string {
  const taken = new Set(partsOf(drawing).map(({ part }) => part.id));
  let number = 1;
  while (taken.has(`${kind}-${number}`)) number++;
  return `${kind}-${number}`;
}

/** A new area, with a zone in the building that it lies in. */
export function addArea(drawing: Drawing, kind: "building" | "zone", name: string, outline: readonly Point[]): Drawing {
  const id = freshId(drawing, kind);
  const held = outline.map((point) => onSheet(drawing.sheet, point));
  if (kind === "building") {
    const building: Building = { id, name, outline: held, floors: 1, floor_height_m: 3.5, base_m: 0 };
    return { ...drawing, buildings: [...drawing.buildings, building] };
  }
  const within = drawing.buildings.find((building) => isInside(middle(held), building.outline));
  const zone: Zone = { id, name, zone: null, outline: held, floor: 1, building: within?.id ?? null };
  return { ...drawing, zones: [...drawing.zones, zone] };
}

export function addSpot(drawing: Drawing, kind: "gate" | "camera", name: string, place: Point): Drawing {
  const shared = { id: freshId(drawing, kind), name, at: onSheet(drawing.sheet, place), heading: 0, node: null };
  if (kind === "gate") return { ...drawing, gates: [...drawing.gates, { ...shared, width_m: 3, lane: null }] };
  return { ...drawing, cameras: [...drawing.cameras, { ...shared, height_m: 3, camera: null }] };
}

/** A drawing with one part changed. */
export function patch(drawing: Drawing, id: string, change: (part: Part) => Part): Drawing {
  const within = <T extends Part>(list: readonly T[]): readonly T[] =>
    list.some((part) => part.id === id) ? list.map((part) => (part.id === id ? (change(part) as T) : part)) : list;
  return {
    ...drawing,
    buildings: within(drawing.buildings),
    zones: within(drawing.zones),
    gates: within(drawing.gates),
    cameras: within(drawing.cameras),
  };
}

/** A building's zones stay, in the open. */
export function removePart(drawing: Drawing, id: string): Drawing {
  const without = <T extends Part>(list: readonly T[]): T[] => list.filter((part) => part.id !== id);
  const freed = drawing.zones.map((zone) => (zone.building === id ? { ...zone, building: null, floor: 1 } : zone));
  return {
    ...drawing,
    buildings: without(drawing.buildings),
    zones: without(freed),
    gates: without(drawing.gates),
    cameras: without(drawing.cameras),
  };
}

/** Moved as a whole, as far as all of it stays on the sheet. */
export function movePart(drawing: Drawing, id: string, right: number, down: number): Drawing {
  const { sheet } = drawing;
  return patch(drawing, id, (part) => {
    const points = isArea(part) ? part.outline : [part.at];
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const dx = Math.min(sheet.width - Math.max(...xs), Math.max(-Math.min(...xs), right));
    const dy = Math.min(sheet.height - Math.max(...ys), Math.max(-Math.min(...ys), down));
    const moved = ([x, y]: Point): Point => onSheet(sheet, [x + dx, y + dy]);
    return isArea(part) ? { ...part, outline: part.outline.map(moved) } : { ...part, at: moved(part.at) };
  });
}

export const moveCorner = (drawing: Drawing, id: string, corner: number, place: Point): Drawing =>
  patch(drawing, id, (part) =>
    isArea(part) ? { ...part, outline: part.outline.with(corner, onSheet(drawing.sheet, place)) } : part,
  );

/** A further corner in the middle of the edge that begins at `corner`. */
export const splitEdge = (drawing: Drawing, id: string, corner: number): Drawing =>
  patch(drawing, id, (part) => {
    const [start, end] = isArea(part) ? [part.outline[corner], part.outline[(corner + 1) % part.outline.length]] : [];
    if (!isArea(part) || start === undefined || end === undefined) return part;
    return { ...part, outline: part.outline.toSpliced(corner + 1, 0, onSheet(drawing.sheet, between(start, end, 0.5))) };
  });

/** Three corners are left at least. */
export const removeCorner = (drawing: Drawing, id: string, corner: number): Drawing =>
  patch(drawing, id, (part) => (isArea(part) && part.outline.length > 3 ? { ...part, outline: part.outline.toSpliced(corner, 1) } : part));

/** Another size of the sheet: everything keeps its place on it. */
export function resize(drawing: Drawing, sheet: Sheet): Drawing {
  const [right, down] = [sheet.width / drawing.sheet.width, sheet.height / drawing.sheet.height];
  const moved = ([x, y]: Point): Point => onSheet(sheet, [x * right, y * down]);
  const areas = <T extends Building | Zone>(list: readonly T[]): T[] =>
    list.map((part) => ({ ...part, outline: part.outline.map(moved) }));
  const spots = <T extends Gate | PlanCamera>(list: readonly T[]): T[] => list.map((part) => ({ ...part, at: moved(part.at) }));
  return {
    sheet,
    model: drawing.model === null ? null : { ...drawing.model, at: moved(drawing.model.at) },
    buildings: areas(drawing.buildings),
    zones: areas(drawing.zones),
    gates: spots(drawing.gates),
    cameras: spots(drawing.cameras),
  };
}
