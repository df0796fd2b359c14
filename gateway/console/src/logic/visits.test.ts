import { expect, test } from "vitest";
import type { Visit, VisitState } from "../api/visits";
import { durations, isPassCode, matches, needsDecision, sectionsOf } from "./visits";

const visit = (id: string, state: VisitState, more: Partial<Visit> = {}): Visit => ({
  id,
  state,
  name: "Li Lei",
  phone: "138****8000",
  citizen: "",
  plate: "",
  purpose: "Meeting",
  host: "wang",
  area: "visitor",
  begins: `2026-03-02T08:0${id}:00.000Z`,
  ends: "2026-03-02T10:00:00.000Z",
  agreed: ["keeping"],
  picture: null,
  screening: "clear",
  answers: [],
  decided_by: null,
  decision: "",
  card: null,
  admitted_at: null,
  left_at: null,
  overdue: false,
  on_site: false,
  zone: null,
  ...more,
});

test("who stays too long stands first, who has gone last, and each section is in the order of time", () => {
  const found = sectionsOf([visit("4", "left"), visit("3", "invited"), visit("2", "inside", { on_site: true }), visit("5", "inside"), visit("1", "inside", { overdue: true }), visit("0", "announced")]);
  expect(found.map((each) => [each.section, each.visits.map((one) => one.id)])).toEqual([
    ["overdue", ["1"]],
    ["inside", ["2"]],
    ["out", ["5"]],
    ["expected", ["0", "3"]],
    ["over", ["4"]],
  ]);
});

test("a visit is found by what a visitor says at the window", () => {
  const one = visit("1", "invited");
  expect(["li", "WANG", "8000", "meet", " "].every((text) => matches(one, text))).toBe(true);
  expect(matches(one, "Zhao")).toBe(false);
});

test("a scanner's line is told from a name", () => {
  expect(isPassCode("0a1b2c3d4e5f60718293 ")).toBe(true);
  expect(isPassCode("Li Lei")).toBe(false);
});

test("a finding and a silence both need a person's word", () => {
  const words = (["none", "clear", "hit", "unscreened"] as const).map((screening) => needsDecision(visit("1", "announced", { screening })));
  expect(words).toEqual([false, false, true, true]);
});

test("no longer visit is offered than the site allows", () => {
  expect(durations(120, 240)).toEqual([30, 60, 120, 240]);
  expect(durations(90, 720)).toEqual([30, 60, 90, 120, 240, 480]);
});
