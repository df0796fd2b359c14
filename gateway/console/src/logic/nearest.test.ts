import { expect, test } from "vitest";
import { nearest } from "./nearest";

test.each([
  ["what is seen stays", 10, 50, 0, 100, 0],
  ["what is above comes down", -30, 10, 0, 100, -30],
  ["what is below comes up by as little as needed", 90, 130, 0, 100, 30],
  ["what is larger than the window is seen from its beginning", 20, 200, 0, 100, 20],
  ["what covers the window begins at its beginning", -10, 200, 0, 100, -10],
])("%s", (_, from, to, first, last, by) => {
  expect(nearest(from, to, first, last)).toBe(by);
});
