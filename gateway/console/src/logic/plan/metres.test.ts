import { Box3, type BufferGeometry, Vector3 } from "three";
import { expect, test } from "vitest";
import type { Building, Drawing, Point, Sheet } from "../../api/sitePlan";
import { extrude } from "../../pages/map/scene/extrude";
import { BLANK } from "./edit";
import { area } from "./geometry";
import { dice } from "../../testing/dice";
import { highest, metresPerUnit, slab, storeys, toMetres, turnOf } from "./metres";

const SHEET: Sheet = { picture: null, width: 1000, height: 500, metres_wide: 200 };
const HALL: Building = { id: "hall", name: "Hall", outline: [[100, 100], [300, 100], [300, 200], [200, 200], [200, 300], [100, 300]], floors: 3, floor_height_m: 4, base_m: -4 };

test("the sheet's middle is where the ground begins, and its width is what was said", () => {
  expect(toMetres(SHEET, [500, 250])).toEqual({ x: 0, z: 0 });
  expect(toMetres(SHEET, [1000, 500])).toEqual({ x: 100, z: 50 });
  expect(metresPerUnit(SHEET)).toBe(0.2);
});

test("a turned body points where its heading does", () => {
  for (const [heading, x, z] of [[0, 0, -1], [90, 1, 0], [180, 0, 1], [270, -1, 0]] as const) {
    const way = new Vector3(0, 0, -1).applyAxisAngle(new Vector3(0, 1, 0), turnOf(heading));
    expect([way.x, way.z].map((part) => Math.round(part) + 0)).toEqual([x, z]);
  }
});

test("storeys stand on each other, from the base up", () => {
  expect(storeys(SHEET, HALL).map(({ bottom, top }) => [bottom, top])).toEqual([[-4, 0], [0, 4], [4, 8]]);
  expect(highest({ ...BLANK, buildings: [HALL] })).toBe(8);
  expect(highest(BLANK)).toBe(0);
});

test("a zone lies on its floor, and on the ground where it is in no building", () => {
  const zone = { id: "z", name: "Z", zone: null, outline: HALL.outline, floor: 3, building: "hall" };
  const drawing: Drawing = { ...BLANK, buildings: [HALL] };
  expect(slab(drawing, zone).bottom).toBe(4);
  expect(slab(drawing, { ...zone, building: null, floor: 1 }).bottom).toBe(0);
});

/** Of a closed mesh, by the divergence theorem; below zero where it is inside out. */
function volume(mesh: BufferGeometry): number {
  const whole = mesh.index === null ? mesh : mesh.toNonIndexed();
  const places = whole.getAttribute("position");
  const at = (index: number): Vector3 => new Vector3().fromBufferAttribute(places, index);
  let sum = 0;
  for (let index = 0; index < places.count; index += 3) sum += at(index).dot(at(index + 1).cross(at(index + 2))) / 6;
  return sum;
}

test.each([["as drawn", HALL.outline], ["the other way round", HALL.outline.toReversed()]])("a storey is as large as its outline is high, %s", (_name, outline) => {
  const [storey] = storeys(SHEET, { ...HALL, outline });
  if (storey === undefined) throw new Error("no storey");
  const mesh = extrude(storey);
  expect(volume(mesh)).toBeCloseTo(area(HALL.outline) * metresPerUnit(SHEET) ** 2 * HALL.floor_height_m, 3);
  const box = new Box3().setFromBufferAttribute(mesh.getAttribute("position") as never);
  const { x, z } = toMetres(SHEET, [100, 100]);
  expect([box.min.x, box.min.y, box.min.z].map((part) => Math.round(part * 1000) / 1000)).toEqual([x, -4, z]);
  expect(box.max.y).toBeCloseTo(0);
});

test("any outline around a middle becomes a body of its own size", () => {
  const roll = dice(23);
  for (let round = 0; round < 60; round++) {
    const corners = Math.floor(roll(3, 14));
    const outline = Array.from({ length: corners }, (_, corner): Point => {
      const [angle, far] = [(corner / corners) * 2 * Math.PI, roll(20, 200)];
      return [500 + far * Math.cos(angle), 250 + far * Math.sin(angle)];
    });
    const [storey] = storeys(SHEET, { ...HALL, outline, floors: 1, base_m: 0 });
    if (storey === undefined) throw new Error("no storey");
    const expected = area(outline) * metresPerUnit(SHEET) ** 2 * 4;
    expect(Math.abs(volume(extrude(storey)) - expected)).toBeLessThan(expected * 1e-4);
  }
});
