// Where a press was on the plan, and how far a key moves.
import type { KeyboardEvent, PointerEvent } from "react";
import type { Point } from "../../../api/sitePlan";

const ARROWS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** Pixels of the screen that an arrow moves by; with Shift one. */
const STRIDE = 10;

/** In the plan's units; null: no arrow. */
export function strideOf(event: KeyboardEvent, unit: number): Point | null {
  const way = ARROWS[event.key];
  const length = unit * (event.shiftKey ? 1 : STRIDE);
  return way === undefined ? null : [way[0] * length, way[1] * length];
}

/** Where on the plan a press was, however large the plan stands on the screen. */
export function pointOf(event: PointerEvent<SVGElement>): Point {
  const canvas = event.currentTarget.ownerSVGElement ?? (event.currentTarget as SVGSVGElement);
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(canvas.getScreenCTM()?.inverse());
  return [x, y];
}
