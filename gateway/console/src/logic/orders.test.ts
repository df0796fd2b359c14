import { expect, test } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import type { PersonEntry } from "../api/types";
import { found, isSamePress, newPress, stays } from "./orders";

const person = (id: string, name: string, watch = false): PersonEntry => ({ id, name, group: "", picture: null, watch });
const PEOPLE = [person("s-1", "王晓明"), person("s-2", "Ann Li"), person("w-1", "王某", true)];

test.each([
  ["王", ["s-1"]],
  [" ann ", ["s-2"]],
  ["S-", ["s-1", "s-2"]],
  ["", []],
  ["x", []],
])("%s finds people by name or number, and nobody of a watch list", (typed, ids) => {
  expect(found(PEOPLE, typed).map((one) => one.id)).toEqual(ids);
});

test("a long list is cut to what a screen holds", () => {
  expect(found(Array.from({ length: 50 }, (_, n) => person(`p${n}`, "A")), "a")).toHaveLength(6);
});

test("what may have been done is sent again under the same name, what was refused is a new press", () => {
  expect(isSamePress(new Unreachable(null))).toBe(true);
  expect(isSamePress(new Refused(504, "no_answer", ""))).toBe(true);
  expect(isSamePress(new Refused(502, "http_502", ""))).toBe(true);
  expect(isSamePress(new Refused(409, "node_refused", ""))).toBe(false);
});

test("no two presses have one name, and each can stand in an id", () => {
  expect(newPress()).toMatch(/^[0-9a-f]{32}$/);
  expect(newPress()).not.toBe(newPress());
});

test("only what is held open or locked has an end", () => {
  expect((["open_once", "held_open", "locked", "normal", "pass"] as const).filter(stays)).toEqual(["held_open", "locked"]);
});
