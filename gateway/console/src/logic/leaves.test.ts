import { expect, test } from "vitest";
import type { Collector } from "../api/people";
import type { PersonEntry } from "../api/types";
import { isLeave, leaveText } from "./leaves";
import { offered } from "./whoCollects";

const DAY = "2026-03-02";

test.each([
  [DAY, "08:00", DAY, "16:00", true],
  [DAY, "16:00", DAY, "08:00", false],
  [DAY, "16:00", "2026-03-03", "08:00", true],
  [DAY, "08:00", "2026-03-01", "16:00", false],
  [DAY, "08:00", "2026-04-02", "08:00", true],
  [DAY, "08:00", "2026-04-02", "08:01", false],
  [DAY, "08:00", "", "16:00", false],
])("a leave from %s %s until %s %s: %s", (first, begins, last, ends, holds) => {
  expect(isLeave({ first, begins, last, ends })).toBe(holds);
});

test("a leave of several days is said with its days", () => {
  expect(leaveText("2026-03-02T00:00:00Z", "2026-03-02T08:00:00Z", "Asia/Shanghai")).toBe("08:00–16:00");
  expect(leaveText("2026-03-02T00:00:00Z", "2026-03-04T08:00:00Z", "Asia/Shanghai")).toBe("03-02 08:00–03-04 16:00");
});

const collector = (values: Partial<Collector>): Collector => ({
  kind: "person", value: "aunt", name: "Aunt", known: true, begins: null, ends: null, days: [], turn: "", turn_from: "", note: "mother's sister", today: true, once: false, ...values,
});

test("whoever is listed for the child is offered first, then whom one may see, else a number", () => {
  const listed = [collector({}), collector({ kind: "plate", value: "京A12345", name: "" }), collector({ value: "gone", known: false })];
  const people = [{ id: "aunt", name: "Aunt", group: "carer", watch: false }, { id: "t-1", name: "Auntie Li", group: "staff", watch: false }] as PersonEntry[];
  expect(offered(listed, people, "").map(({ id }) => id)).toEqual(["aunt"]);
  expect(offered(listed, people, "AUNT").map(({ id }) => id)).toEqual(["aunt", "t-1"]);
  expect(offered(listed, people, "s-77")).toEqual([{ id: "s-77", name: "", more: "" }]);
});
