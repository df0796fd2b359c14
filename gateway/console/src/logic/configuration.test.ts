import { expect, it } from "vitest";
import type { ConfigurationField, ConfigurationPush } from "../api/configuration";
import { fieldGroups, lineKind, openPush, shownValue, typedLine, typedSpans, typedValue } from "./configuration";

const makeField = (over: Partial<ConfigurationField> = {}): ConfigurationField => ({
  path: ["barriers", 0, "pulse_s"],
  of: "bar",
  kind: "number",
  least: 0.1,
  most: 60,
  choices: [],
  value: 1,
  ...over,
});

it.each([
  ["+pulse_s = 2", "added"],
  ["-pulse_s = 1", "removed"],
  ["@@ -1 +1 @@", "place"],
  [" [lanes]", "same"],
])("%s is %s", (line, kind) => {
  expect(lineKind(line)).toBe(kind);
});

it.each([
  ["2.5", 2.5],
  ["", undefined],
  ["0", undefined],
  ["61", undefined],
  ["two", undefined],
])("a number typed as %s is %s", (text, value) => {
  expect(typedValue(text, makeField())).toBe(value);
});

it("a line is four numbers of a picture", () => {
  expect(typedLine("0.1, 0.2, 0.3 1")).toEqual([[0.1, 0.2], [0.3, 1]]);
  expect([typedLine("0.1, 0.2"), typedLine("0, 0, 0, 7")]).toEqual([undefined, undefined]);
});

it("a schedule is read as it is shown", () => {
  const spans = [{ days: ["mon", "sat"], start: "07:30", end: "17:00" }];
  expect(typedSpans(shownValue(makeField({ kind: "spans", value: spans })))).toEqual(spans);
  expect(shownValue(makeField({ kind: "spans", value: [{}] }))).toBe("mon tue wed thu fri 00:00-24:00");
  expect(typedSpans("someday 7-8")).toBeUndefined();
});

it("fields stand with what they are of, and one push at most is open", () => {
  const fields = [makeField(), makeField({ path: ["barriers", 0, "held_s"] }), makeField({ path: ["lanes", 0, "policy"], of: "main" })];
  expect(fieldGroups(fields).map(([name, own]) => [name, own.length])).toEqual([["barriers bar", 2], ["lanes main", 1]]);
  const over = { state: "applied" } as ConfigurationPush;
  expect(openPush([over])).toBeUndefined();
  expect(openPush([over, { ...over, state: "trying" }])?.state).toBe("trying");
});
