import { expect, test } from "vitest";
import { NO_FILTER } from "../api/passages";
import { makePassage } from "../testing/make";
import { bestEvidence, directionOf, matches, mergeStream, personName, subjectOf } from "./passages";

const evidence = { camera: "east", at: "", box: null, score: null, margin: null, synthetic: false };

test("the stream shows each passage once, newest first, a late one at its place in time", () => {
  const first = makePassage({ id: "1", time: "2026-01-01T00:00:01.000Z" });
  const third = makePassage({ id: "3", time: "2026-01-01T00:00:03.000Z" });
  const late = makePassage({ id: "2", time: "2026-01-01T00:00:02.000Z" });
  const stream = [first, third, late, third].reduce(mergeStream, []);
  expect(stream.map((passage) => passage.id)).toEqual(["3", "2", "1"]);
});

test("the stream is bounded, however long the shift", () => {
  const many = Array.from({ length: 200 }, (_, index) => makePassage({ id: String(index).padStart(3, "0") }));
  const stream = many.reduce(mergeStream, []);
  expect(stream).toHaveLength(60);
  expect(stream[0]?.id).toBe("199");
});

test("nobody is called by a name that was not recognised", () => {
  const person = { id: "s1", name: "王晓明", group: "", picture: null };
  expect(subjectOf(makePassage({ person }))).toBe("person");
  expect(subjectOf(makePassage())).toBe("stranger");
  expect(subjectOf(makePassage({ kind: "plate", plate: "京A12345" }))).toBe("vehicle");
  expect(subjectOf(makePassage({ kind: "plate" }))).toBe("vehicle_unread");
  expect(subjectOf(makePassage({ kind: "body" }))).toBe("body");
});

test("a search holds for passages that come while it is shown", () => {
  const person = { id: "s1", name: "王晓明", group: "", picture: null };
  const passage = makePassage({ person, plate: "京A12345" });
  expect(matches(passage, NO_FILTER)).toBe(true);
  expect(matches(passage, { ...NO_FILTER, person: "晓明", plate: "a123" })).toBe(true);
  expect(matches(passage, { ...NO_FILTER, person: "S1" })).toBe(true);
  expect(matches(passage, { ...NO_FILTER, plate: "B" })).toBe(false);
  expect(matches(passage, { ...NO_FILTER, camera: "west" })).toBe(false);
});

test("a face is shown before a plate, and anything with a picture before what has none", () => {
  const body = { ...evidence, kind: "body", picture: "b" };
  const plate = { ...evidence, kind: "plate", picture: "p" };
  const face = { ...evidence, kind: "face", picture: "f" };
  const blind = { ...evidence, kind: "face", picture: null };
  expect(bestEvidence([body, plate, face])).toBe(face);
  expect(bestEvidence([blind, body])).toBe(body);
  expect(bestEvidence([blind])).toBe(blind);
  expect(bestEvidence([])).toBeNull();
});

test("in and out are what they mean at the lane, not what the camera happens to see", () => {
  expect(directionOf({ direction: "in", movement: "departure" })).toBe("out");
  expect(directionOf({ direction: "none", movement: "arrival" })).toBe("in");
  expect(directionOf({ direction: "none", movement: null })).toBe("none");
});

test("whoever has left the roster is shown by number, not by nothing", () => {
  expect(personName({ id: "p7", name: "", group: "", picture: null })).toBe("p7");
});
