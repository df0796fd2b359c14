import { expect, test } from "vitest";
import type { DayLine } from "../api/attendance";
import { absenceTold, isFound, shownLines } from "./attendance";

function line(person_id: string, changes: Partial<DayLine> = {}): DayLine {
  return {
    day: "2026-10-12",
    person_id,
    name: person_id,
    group: "class-3",
    status: "present",
    arrived_at: null,
    left_at: null,
    late_s: 0,
    left_early: false,
    inside: true,
    still_inside: false,
    excused: false,
    marks: [],
    by_gate: "present",
    corrections: [],
    told: [],
    leaves: [],
    ...changes,
  };
}

const CLASS = [
  line("an"),
  line("bo", { status: "late" }),
  line("chen", { left_early: true }),
  line("dai", { left_early: true, excused: true, status: "excused" }),
  line("e", { status: "absent" }),
];
const names = (lines: readonly DayLine[]): string[] => lines.map((each) => each.name);

test("who needs a look stands first, and equals stay in the order of their names", () => {
  expect(names(shownLines(CLASS, null, "urgent", "en"))).toEqual(["e", "bo", "chen", "dai", "an"]);
  expect(names(shownLines(CLASS, null, "name", "en"))).toEqual(["an", "bo", "chen", "dai", "e"]);
});

test("Chinese names stand by their sound, as a Chinese reader looks for them", () => {
  const some = [line("周"), line("安"), line("李")];
  expect(names(shownLines(some, null, "name", "zh-CN"))).toEqual(["安", "李", "周"]);
});

test("a number shows just whom it counts", () => {
  expect(names(shownLines(CLASS, "left_early", "urgent", "en"))).toEqual(["chen"]);
  expect(names(shownLines(CLASS, "present", "name", "en"))).toEqual(["an", "chen"]);
  expect(isFound(line("f", { still_inside: true }), "still_inside")).toBe(true);
});

test("it is said whether guardians were told of an absence, and whether that was taken back", () => {
  const told = { kind: "absent" as const, raised_at: "2026-10-12T00:00:00Z", withdrawn_at: null, silent: [] };
  expect(absenceTold(line("an"))).toBeNull();
  expect(absenceTold(line("an", { told: [told] }))).toBe("told");
  expect(absenceTold(line("an", { told: [{ ...told, withdrawn_at: "2026-10-12T00:10:00Z" }] }))).toBe("taken_back");
});
