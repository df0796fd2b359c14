import { expect, test } from "vitest";
import { clockIn, dayIn, daysLater, isDay, lastDay, momentIn } from "./zone";

test("a clock time of the site is a moment, in any zone and on both sides of a change of clocks", () => {
  expect(momentIn("2026-10-12", "07:45", "Asia/Shanghai")).toBe("2026-10-11T23:45:00.000Z");
  expect(momentIn("2026-10-25", "00:30", "Europe/Berlin")).toBe("2026-10-24T22:30:00.000Z");
  expect(momentIn("2026-10-25", "07:45", "Europe/Berlin")).toBe("2026-10-25T06:45:00.000Z");
  expect(momentIn("2026-03-29", "03:15", "Europe/Berlin")).toBe("2026-03-29T01:15:00.000Z");
  expect(momentIn("2026-10-12", "00:00", "America/New_York")).toBe("2026-10-12T04:00:00.000Z");
});

test("a moment is shown on the site's clock and counted to the site's day", () => {
  const late = Date.parse("2026-10-11T17:05:00Z");
  expect(dayIn(late, "Asia/Shanghai")).toBe("2026-10-12");
  expect(clockIn(late, "Asia/Shanghai")).toBe("01:05");
  expect(dayIn(late, "America/New_York")).toBe("2026-10-11");
});

test("what ends at midnight ends with the day before", () => {
  expect(lastDay("2026-10-11T16:00:00.000Z", "Asia/Shanghai")).toBe("2026-10-11");
  expect(lastDay("2026-10-11T16:30:00.000Z", "Asia/Shanghai")).toBe("2026-10-12");
});

test("days follow each other over months and leap days, and what is no day is known", () => {
  expect(daysLater("2028-02-28", 1)).toBe("2028-02-29");
  expect(daysLater("2026-01-01", -1)).toBe("2025-12-31");
  expect(["2026-10-12", "2026-02-30", "yesterday", ""].map(isDay)).toEqual([true, false, false, false]);
});
