import { expect, test } from "vitest";
import type { Consent, Listed, Way } from "../api/people";
import { foundPeople, isMovable } from "./people";

const UNSAID: Consent = { state: "unsaid", until: "", text_version: "", given_by: "", given_on: "" };

function somebody(id: string, name: string, ways: Way[], more: Partial<Listed> = {}): Listed {
  const consents = { recognition: UNSAID, listing: UNSAID, notices: UNSAID, evidence: UNSAID };
  const stranded = ways.length === 0;
  return { id, name, group: "class-3", picture: null, watch: false, templates: 0, consents, ways, stranded, plates: [], visitor: false, ...more };
}

const PEOPLE = [
  somebody("s-1", "An", ["face", "card"]),
  somebody("s-2", "Bo", ["card"], { group: "class-4", plates: ["京A12345"] }),
  somebody("s-3", "Chen", []),
  somebody("w-1", "Zhao", [], { watch: true, stranded: false }),
];
const ids = (people: readonly Listed[]): string[] => people.map((person) => person.id);

test("people are found by name, id and group", () => {
  expect(ids(foundPeople(PEOPLE, "  chen ", "all"))).toEqual(["s-3"]);
  expect(ids(foundPeople(PEOPLE, "CLASS-4", "all"))).toEqual(["s-2"]);
  expect(ids(foundPeople(PEOPLE, "", "all"))).toHaveLength(4);
});

test("people are found by the plates of their vehicles", () => {
  expect(ids(foundPeople(PEOPLE, "a123", "all"))).toEqual(["s-2"]);
  expect(ids(foundPeople(PEOPLE, "", "driving"))).toEqual(["s-2"]);
});

test("who has no way in, and who needs another than the face, are found; nobody of a watch list is to come in", () => {
  expect(ids(foundPeople(PEOPLE, "", "stranded"))).toEqual(["s-3"]);
  expect(ids(foundPeople(PEOPLE, "", "faceless"))).toEqual(["s-2", "s-3"]);
});

test("only who has a group of the office's can be moved into another", () => {
  const found = [somebody("a", "An", []), somebody("w", "Wu", [], { watch: true }), somebody("v", "Vi", [], { visitor: true })];
  expect(found.filter(isMovable).map(({ id }) => id)).toEqual(["a"]);
});
