import { expect, test } from "vitest";
import type { MusterPerson } from "../api/emergency";
import { missingOf, zonesOf } from "./muster";

const person = (over: Partial<MusterPerson>): MusterPerson => ({
  id: "p", name: "Wang", group: "class-3", zone: "school", node: "gate-1", at: "", stale: false,
  left_at: null, met_at: null, met_by: null, ...over,
});

const people = [
  person({ id: "a", met_at: "2026-01-01T00:00:00.000Z", met_by: "li" }),
  person({ id: "b", name: "Ouyang" }),
  person({ id: "c", zone: "hall", group: "class-4" }),
];

test("who is missing stands before who was met, zone by zone", () => {
  const zones = zonesOf({ people });
  expect(zones.map(({ name, missing }) => [name, missing])).toEqual([["school", 1], ["hall", 1]]);
  expect(zones[0]?.people.map(({ id }) => id)).toEqual(["b", "a"]);
  expect(missingOf({ people })).toBe(2);
});

test("somebody is found by name, number or class", () => {
  expect(zonesOf({ people }, "ouy")[0]?.people.map(({ id }) => id)).toEqual(["b"]);
  expect(zonesOf({ people }, "class-4").map(({ name }) => name)).toEqual(["hall"]);
  expect(zonesOf({ people }, "nobody")).toEqual([]);
});
