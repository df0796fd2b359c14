import { beforeEach, expect, test, vi } from "vitest";

let touch: typeof import("./touch");

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  touch = await import("./touch");
});

test("what a page asks is somebody's for a minute after they touched it, and then its own", () => {
  expect(touch.untouched()).toEqual({});
  vi.advanceTimersByTime(61_000);
  expect(touch.untouched()).toEqual({ "X-Zhian-Untouched": "1" });
  touch.touched();
  expect(touch.untouched()).toEqual({});
});

test("of who touches a page that asks nothing the gateway is told every five minutes", () => {
  expect(touch.touched()).toBe(false);
  vi.advanceTimersByTime(5 * 60_000 + 1);
  expect(touch.touched()).toBe(true);
  touch.untouched();
  expect(touch.touched()).toBe(false);
});
