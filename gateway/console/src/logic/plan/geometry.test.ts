import { expect, test } from "vitest";
import type { Point } from "../../api/sitePlan";
import { across, along, area, between, distance, type Flaw, flaw, isInside, middle, wedge } from "./geometry";
import { dice } from "../../testing/dice";

const SQUARE: Point[] = [[0, 0], [4, 0], [4, 3], [0, 3]];
const L: Point[] = [[0, 0], [4, 0], [4, 2], [2, 2], [2, 4], [0, 4]];

test.each<[string, Point[], Flaw | null]>([
  ["a square", SQUARE, null],
  ["an L", L, null],
  ["a corner on a straight line", [[0, 0], [2, 0], [4, 0], [4, 3], [0, 3]], null],
  ["a line", [[0, 0], [4, 0]], "few"],
  ["a corner that follows itself", [[0, 0], [4, 0], [4, 0], [0, 3]], "twice"],
  ["closed by hand", [...SQUARE, [0, 0]], "twice"],
  ["a bow tie", [[0, 0], [4, 4], [4, 0], [0, 3]], "crossed"],
  ["a spike back over itself", [[0, 0], [4, 0], [2, 0], [2, 3]], "crossed"],
  ["two corners at one place", [[0, 0], [2, 2], [4, 0], [4, 4], [2, 2], [0, 4]], "crossed"],
])("the flaw of %s", (_name, outline, expected) => {
  expect(flaw(outline)).toBe(expected);
  expect(flaw(outline.toReversed())).toBe(expected);
  expect(flaw([...outline.slice(1), ...outline.slice(0, 1)])).toBe(expected);
});

test("areas and middles are those of the plain shapes", () => {
  expect(area(SQUARE)).toBe(12);
  expect(area(L)).toBe(12);
  expect(middle(SQUARE)).toEqual([2, 1.5]);
  expect(middle([[5, 5], [7, 5]])).toEqual([6, 5]);
  expect(isInside([1, 3], L)).toBe(true);
  expect(isInside([3, 3], L)).toBe(false);
});

test("what is moved keeps its area, and its middle moves along", () => {
  const roll = dice(7);
  for (let round = 0; round < 200; round++) {
    const [dx, dy] = [roll(-900, 900), roll(-900, 900)];
    const moved = L.map(([x, y]): Point => [x + dx, y + dy]);
    const [x, y] = middle(L);
    expect(area(moved)).toBeCloseTo(area(L), 6);
    expect(middle(moved)[0]).toBeCloseTo(x + dx, 6);
    expect(middle(moved)[1]).toBeCloseTo(y + dy, 6);
  }
});

test.each<[number, Point]>([
  [0, [0, -1]],
  [90, [1, 0]],
  [180, [0, 1]],
  [270, [-1, 0]],
])("a heading of %i points there", (heading, [x, y]) => {
  expect(along(heading)[0]).toBeCloseTo(x);
  expect(along(heading)[1]).toBeCloseTo(y);
});

test("a bar lies across its heading, as wide as it is, with its place in the middle", () => {
  const roll = dice(11);
  for (let round = 0; round < 100; round++) {
    const [at, heading, width]: [Point, number, number] = [[roll(0, 99), roll(0, 99)], roll(0, 359), roll(1, 9)];
    const [left, right] = across(at, heading, width);
    const [x, y] = along(heading);
    expect(distance(left, right)).toBeCloseTo(width);
    expect((right[0] - left[0]) * x + (right[1] - left[1]) * y).toBeCloseTo(0);
    expect(distance(between(left, right, 0.5), at)).toBeCloseTo(0);
  }
});

test("a camera's view begins at it and reaches as far as said", () => {
  const [first, ...edge] = wedge([3, 4], 20, 60, 10);
  expect(first).toEqual([3, 4]);
  for (const point of edge) expect(distance([3, 4], point)).toBeCloseTo(10);
});
