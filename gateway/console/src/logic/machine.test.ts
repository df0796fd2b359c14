import { expect, it } from "vitest";
import type { Machine } from "../api/types";
import { diskIsShort, isHot, shareText } from "./machine";

const makeMachine = (over: Partial<Machine> = {}): Machine => ({
  since: "2026-01-01T00:00:00.000Z",
  system: "Linux 6.1 aarch64",
  clock: "trusted",
  disk_free_mb: 20_000,
  disk_total_mb: 30_000,
  memory_free_mb: 900,
  memory_total_mb: 2_000,
  load: 0.4,
  temperature_c: 51,
  runtime: "onnxruntime",
  networks: [],
  ...over,
});

it.each([
  [20_000, 30_000, false],
  [400, 4_000, true],
  [1_400, 30_000, true],
  [null, 30_000, false],
])("a disk with %s of %s MiB free is short: %s", (free, total, short) => {
  expect(diskIsShort(makeMachine({ disk_free_mb: free, disk_total_mb: total }))).toBe(short);
});

it("what is not known alarms nobody", () => {
  expect(isHot(makeMachine({ temperature_c: null }))).toBe(false);
  expect(isHot(makeMachine({ temperature_c: 85 }))).toBe(true);
});

it("a share is told in GiB, or as unknown", () => {
  const t = ((key: string, values?: Record<string, string>) => (values ? `${values.free} of ${values.total}` : key)) as never;
  expect([shareText(t, 2_048, 40_960), shareText(t, null, 40_960)]).toEqual(["2.0 of 40", "machine.unknown"]);
});
