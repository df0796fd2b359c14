import { expect, test } from "vitest";
import type { WatchEntry, WatchState } from "../api/watchLists";
import { lastDay, platesOf, watchPart } from "./watchLists";

test("plates are read as people type them, each once", () => {
  expect(platesOf("粤b·12345，沪AD 12345, 粤B12345\n京A-00001")).toEqual(["粤B12345", "沪AD12345", "京A00001"]);
  expect(platesOf(" , ")).toEqual([]);
});

test("the last day is the site's, whose midnight is not ours", () => {
  expect(lastDay("2026-12-31T16:00:00.000Z", "Asia/Shanghai")).toBe("2026-12-31");
  expect(lastDay("2027-01-01T05:00:00.000Z", "America/New_York")).toBe("2026-12-31");
});

test("what waits for a second person, what is looked for, and what is over", () => {
  const part = (state: WatchState): string => watchPart({ state } as WatchEntry);
  expect(["proposed", "active"].map((state) => part(state as WatchState))).toEqual(["waiting", "active"]);
  for (const state of ["refused", "withdrawn", "expired", "lapsed"] as const) expect(part(state)).toBe("over");
});
