import { expect, test } from "vitest";
import { makeAlert, makePassage } from "../testing/make";
import type { LaneDecision } from "../api/types";
import { isGrave, share, stepsOf } from "./replay";

const at = (hour: number): string => `2026-01-01T0${hour}:00:00.000Z`;

test("a day at one gate is walked in its order, its alerts among what passed", () => {
  const passages = [
    makePassage({ id: "2", lane: "main", time: at(3), alert_ids: ["7"] }),
    makePassage({ id: "1", lane: "main", time: at(1) }),
    makePassage({ id: "3", lane: "main-2", time: at(2) }),
  ];
  const alerts = [
    makeAlert({ id: "7", lane: "main", last_at: at(3) }),
    makeAlert({ id: "8", lane: "main", kind: "door_forced", last_at: at(2) }),
    makeAlert({ id: "9", lane: "side", last_at: at(2) }),
  ];
  const decisions = [{ transaction: "t", time: at(0), verdict: "refuse", reason: "unknown_card" } as LaneDecision];
  const steps = stepsOf({ passages, alerts, decisions }, { id: "main" });
  expect(steps.map(({ id }) => id)).toEqual([`dt/${at(0)}`, "p1", "a8", "p2"]);
  expect(steps.map(isGrave)).toEqual([false, false, true, true]);
});

test("a moment has its place on the line of the day", () => {
  expect(share(at(2), at(0), at(8))).toBe(0.25);
  expect(share(at(9), at(0), at(8))).toBe(1);
});
