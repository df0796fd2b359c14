import { expect, test } from "vitest";
import type { Verdict } from "../api/types";
import { makeAlert } from "../testing/make";
import { isJudged, queueOf, unjudgedSince } from "./queue";

const verdict = (count: number): Verdict => ({ finding: "confirmed", who: "li", at: "", reason: "", count });
const placeOf = (alert: { camera: string | null }): string => alert.camera ?? "";

test("candidates that nobody judged come first, the most severe and longest waiting before the others", () => {
  const alerts = [
    makeAlert({ id: "1", severity: "critical" }),
    makeAlert({ id: "2", candidate: true, severity: "major", raised_at: "2026-01-02" }),
    makeAlert({ id: "3", candidate: true, severity: "major", raised_at: "2026-01-01" }),
    makeAlert({ id: "4", candidate: true, severity: "critical", raised_at: "2026-01-03" }),
    makeAlert({ id: "5", candidate: true, severity: "critical", verdict: verdict(1) }),
  ];
  const groups = queueOf(alerts, [], null, placeOf).map(({ part, alerts: own }) => [part, own.map(({ id }) => id)]);
  expect(groups).toEqual([
    ["to_judge", ["4", "3", "2"]],
    ["other", ["1"]],
    ["judged", ["5"]],
  ]);
});

test("what happened again after a verdict is to be judged again", () => {
  const again = makeAlert({ candidate: true, count: 3, verdict: verdict(1) });
  expect(unjudgedSince(again)).toBe(2);
  expect(isJudged(again)).toBe(false);
  expect(unjudgedSince(makeAlert())).toBeNull();
});

test("a place and severities narrow the queue", () => {
  const alerts = [makeAlert({ id: "1", camera: "east" }), makeAlert({ id: "2", camera: "west", severity: "minor" })];
  expect(queueOf(alerts, [], "west", placeOf).flatMap((group) => group.alerts.map(({ id }) => id))).toEqual(["2"]);
  expect(queueOf(alerts, ["critical"], null, placeOf)).toEqual([]);
});
