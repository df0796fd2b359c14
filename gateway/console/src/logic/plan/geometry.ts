// Points and outlines of a plan. x runs to the right, y downwards; headings are degrees from the top edge, clockwise.
import type { Point } from "../../api/sitePlan";

export type Outline = readonly Point[];
export type Flaw = "few" | "twice" | "crossed";

const pairs = (outline: Outline): [Point, Point][] =>
  outline.map((point, index): [Point, Point] => [point, outline[(index + 1) % outline.length] ?? point]);

/** Of what it encloses, in square units; below zero where it is drawn against the clock (Gauss's formula). */
export const signedArea = (outline: Outline): number =>
  pairs(outline).reduce((sum, [[x, y], [u, v]]) => sum + x * v - u * y, 0) / 2;

export const area = (outline: Outline): number => Math.abs(signedArea(outline));

/** Where its weight is; the mean of its corners where it has no area. */
export function middle(outline: Outline): Point {
  const whole = signedArea(outline);
  const [x0, y0] = outline[0] ?? [0, 0];
  if (Math.abs(whole) < 1e-9) {
    const sum = outline.reduce<Point>(([x, y], [u, v]) => [x + u, y + v], [0, 0]);
    return [sum[0] / Math.max(1, outline.length), sum[1] / Math.max(1, outline.length)];
  }
  // From its first corner, so that little is lost where it lies far out.
  let [x, y] = [0, 0];
  for (const [[a, b], [c, d]] of pairs(outline)) {
    const turn = (a - x0) * (d - y0) - (c - x0) * (b - y0);
    x += (a + c - 2 * x0) * turn;
    y += (b + d - 2 * y0) * turn;
  }
  return [x0 + x / (6 * whole), y0 + y / (6 * whole)];
}

/** Whether a place lies within (by how often a line to the right crosses an edge). */
export function isInside([x, y]: Point, outline: Outline): boolean {
  let inside = false;
  for (const [[a, b], [c, d]] of pairs(outline)) {
    if (b > y !== d > y && x < ((c - a) * (y - b)) / (d - b) + a) inside = !inside;
  }
  return inside;
}

export const distance = ([x, y]: Point, [u, v]: Point): number => Math.hypot(u - x, v - y);

/** The place `share` of the way from one to the other. */
export const between = ([x, y]: Point, [u, v]: Point, share: number): Point => [x + (u - x) * share, y + (v - y) * share];

/** One unit along a heading. */
export function along(heading: number): Point {
  const angle = (heading * Math.PI) / 180;
  return [Math.sin(angle), -Math.cos(angle)];
}

/** What a camera sees, roughly: a piece of cake. */
export function wedge(at: Point, heading: number, spread: number, reach: number): Point[] {
  const edge = (degrees: number): Point => {
    const [x, y] = along(heading + degrees);
    return [at[0] + x * reach, at[1] + y * reach];
  };
  return [at, edge(-spread / 2), edge(-spread / 4), edge(0), edge(spread / 4), edge(spread / 2)];
}

/** Both ends of a bar across a heading. */
export function across(at: Point, heading: number, width: number): [Point, Point] {
  const [x, y] = along(heading + 90);
  return [
    [at[0] - (x * width) / 2, at[1] - (y * width) / 2],
    [at[0] + (x * width) / 2, at[1] + (y * width) / 2],
  ];
}

/** What keeps an outline from being one; the gateway judges by the same rule. */
export function flaw(outline: Outline): Flaw | null {
  if (outline.length < 3) return "few";
  const edges = pairs(outline);
  if (edges.some(([start, end]) => start[0] === end[0] && start[1] === end[1])) return "twice";
  for (let one = 0; one < edges.length; one++) {
    for (let two = 0; two < one; two++) if (meet(edges, one, two)) return "crossed";
  }
  return null;
}

function meet(edges: readonly [Point, Point][], one: number, two: number): boolean {
  const [first, second] = [edges[two], edges[one]];
  if (first === undefined || second === undefined) return false;
  if (one - two === 1) return foldsBack(first[0], first[1], second[1]);
  if (two === 0 && one === edges.length - 1) return foldsBack(second[0], second[1], first[1]);
  return cross(first, second);
}

const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function foldsBack(before: Point, corner: Point, after: Point): boolean {
  const same = (before[0] - corner[0]) * (after[0] - corner[0]) + (before[1] - corner[1]) * (after[1] - corner[1]);
  return turn(before, corner, after) === 0 && same > 0;
}

function cross([a, b]: readonly [Point, Point], [c, d]: readonly [Point, Point]): boolean {
  const sides = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)].map(Math.sign);
  if (sides[0] !== sides[1] && sides[2] !== sides[3]) return true;
  const ends: [Point, Point, Point][] = [[a, b, c], [a, b, d], [c, d, a], [c, d, b]];
  return ends.some(([start, end, place], index) => sides[index] === 0 && liesOn(start, end, place));
}

const liesOn = (a: Point, b: Point, c: Point): boolean =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);
