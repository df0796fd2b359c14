import { expect, test } from "vitest";
import { makeAlert, makeNode } from "../testing/make";
import { eyesOf, sees, tileState } from "./tiles";

test("a tile is believed by the age of its picture, and offline within fifteen seconds", () => {
  expect(tileState(0.4, 60, "online")).toBe("live");
  expect(tileState(5, 60, "online")).toBe("late");
  expect(tileState(11, 60, "online")).toBe("offline");
});

test("a tile that never came is waited for a moment, then offline", () => {
  expect(tileState(null, 2, "online")).toBe("waiting");
  expect(tileState(null, 12, "online")).toBe("offline");
});

test("what is known of node and camera outweighs a picture that is still there", () => {
  expect(tileState(0.4, 60, "offline")).toBe("offline");
  expect(tileState(0.4, 60, "unknown")).toBe("offline");
  expect(tileState(0.4, 60, "blind")).toBe("blind");
});

test("an alert marks the cameras that saw it, at its own node alone", () => {
  const camera = (id: string) => ({ id, state: "online" as const, last_frame_age_s: 0 });
  const eyes = eyesOf([makeNode({ cameras: [camera("east"), camera("west")] }), makeNode({ id: "b", cameras: [camera("east")] })]);
  const alert = makeAlert({ node: "node-1", camera: "east" });
  expect(eyes.map((eye) => sees(eye, alert))).toEqual([true, false, false]);
  expect(eyes.some((eye) => sees(eye, undefined))).toBe(false);
});
