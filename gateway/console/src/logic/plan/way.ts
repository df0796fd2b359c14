// Somebody's way through a day, from gate to gate; in between nobody knows where they were, and nothing is made up.
import type { DayStep, Drawing, Point } from "../../api/sitePlan";
import { between } from "./geometry";
import { passedAt, type Spot } from "./standing";

export interface Stop {
  /** Milliseconds. */
  time: number;
  at: Point;
  spot: Spot;
  step: DayStep;
}

export interface Way {
  stops: Stop[];
  /** Steps at places that nobody drew. */
  unplaced: number;
}

/** The last so many milliseconds before a gate are drawn as coming towards it; until then they stay where they were seen. */
export const COMING_MS = 60_000;

export function wayOf(drawing: Drawing, steps: readonly DayStep[]): Way {
  const stops = steps.flatMap((step): Stop[] => {
    const spot = passedAt(drawing, step);
    return spot === null ? [] : [{ time: Date.parse(step.time), at: spot.part.at, spot, step }];
  });
  return { stops: stops.toSorted((a, b) => a.time - b.time), unplaced: steps.length - stops.length };
}

export interface Moment {
  at: Point;
  /** The last gate that was passed. */
  stop: number;
  /** How far towards the next one is drawn, 0 to 1. */
  share: number;
}

/** Where somebody is drawn at a moment; null: not seen yet. */
export function momentOf(stops: readonly Stop[], time: number): Moment | null {
  const stop = stops.findLastIndex((each) => each.time <= time);
  const here = stops[stop];
  if (here === undefined) return null;
  const next = stops[stop + 1];
  if (next === undefined) return { at: here.at, stop, share: 0 };
  const coming = Math.min(COMING_MS, next.time - here.time);
  const share = coming === 0 ? 0 : Math.min(1, Math.max(0, 1 - (next.time - time) / coming));
  return { at: between(here.at, next.at, share), stop, share };
}

/** The line that is drawn by a moment: every gate so far, and where they are now. */
export function trail(stops: readonly Stop[], time: number): Point[] {
  const moment = momentOf(stops, time);
  if (moment === null) return [];
  const passed = stops.slice(0, moment.stop + 1).map(({ at }) => at);
  return moment.share > 0 ? [...passed, moment.at] : passed;
}
