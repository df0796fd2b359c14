import { expect, test } from "vitest";
import { timesOf } from "./times";

const NOW = "2026-11-22T16:30:00.000Z"; // half past midnight of the 23rd in Shanghai

test.each([
  ["en", "2026-11-22T16:05:09.000Z", "00:05:09"],
  ["en", "2026-11-22T09:40:00.000Z", "Nov 22, 17:40:00"],
  ["zh-CN", "2026-11-22T16:05:09.000Z", "00:05:09"],
  ["zh-CN", "2026-11-22T09:40:00.000Z", "11月22日 17:40:00"],
])("in %s a time of another day of the site is told with its day: %s", (language, at, shown) => {
  expect(timesOf(language, "Asia/Shanghai").since(at, NOW)).toBe(shown);
});

test("which day it is, the site's zone says", () => {
  expect(timesOf("en", "America/New_York").since("2026-11-22T09:40:00.000Z", NOW)).toBe("04:40:00");
});
