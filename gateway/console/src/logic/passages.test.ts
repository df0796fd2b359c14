import { expect, test } from "vitest";
import { NO_FILTER } from "../api/passages";
import { makePassage } from "../testing/make";
import {
  aroundOf,
  bestEvidence,
  bodyOf,
  directionOf,
  isAround,
  isByCardAlone,
  matches,
  mergeStream,
  missingIcon,
  personName,
  subjectOf,
} from "./passages";
import { hasEyes } from "./evidence";
import { passagePlace, placeName } from "./places";

const NAMES = { cameras: { east: "东门", "node-2/east": "仓库" }, lanes: { main: "正门" } };
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
  expect(matches(passage, NO_FILTER, NAMES)).toBe(true);
  expect(matches(passage, { ...NO_FILTER, person: "晓明", plate_near: "a-iz3" }, NAMES)).toBe(true);
  expect(matches(passage, { ...NO_FILTER, person: "S1" }, NAMES)).toBe(true);
  expect(matches(passage, { ...NO_FILTER, plate_near: "X" }, NAMES)).toBe(false);
  expect(matches(passage, { ...NO_FILTER, place: "west" }, NAMES)).toBe(false);
  expect(matches(passage, { ...NO_FILTER, place: "EA" }, NAMES)).toBe(true);
  expect(matches(passage, { ...NO_FILTER, place: "东" }, NAMES)).toBe(true);
  expect(matches({ ...passage, node: "node-2" }, { ...NO_FILTER, place: "东" }, NAMES)).toBe(false);
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

test("a place is called as people call it, and by its id where nobody named it", () => {
  expect(placeName(NAMES, makePassage({ lane: "main" }))).toBe("东门");
  expect(placeName(NAMES, makePassage({ camera: "roof" }))).toBe("roof");
  expect(placeName(NAMES, { node: "n", camera: null, lane: "main" })).toBe("正门");
  expect(placeName(NAMES, { node: "n", camera: null, lane: null })).toBe("n");
});

test("a body is called what it is, and a kind that nobody knows is not guessed", () => {
  expect([bodyOf({ body: "truck" }), bodyOf({ body: "tank" }), bodyOf({ body: null })]).toEqual(["truck", null, null]);
  expect(missingIcon({ kind: "plate", body: null })).toBe("car");
  expect(missingIcon({ kind: "face", body: null })).toBe("stranger");
});

test("what happened around an alert is what passed its node a little before or after", () => {
  const around = aroundOf("node-1", "2026-01-01T00:10:00.000Z");
  expect(around).toEqual({ node: "node-1", since: "2026-01-01T00:08:30.000Z", until: "2026-01-01T00:11:30.000Z" });
  expect(isAround(makePassage({ time: "2026-01-01T00:11:30.000Z" }), around)).toBe(true);
  expect(isAround(makePassage({ time: "2026-01-01T00:11:30.001Z" }), around)).toBe(false);
  expect(isAround(makePassage({ time: "2026-01-01T00:10:00.000Z", node: "node-2" }), around)).toBe(false);
});

test("a card alone names its owner, and leaves no picture", () => {
  const person = { id: "p", name: "Ann", group: "", picture: null };
  const card = { ...evidence, kind: "card", picture: null };
  expect(isByCardAlone(makePassage({ kind: "card", person, reason: "card" }))).toBe(true);
  expect(isByCardAlone(makePassage({ kind: "card", person, reason: "confirmed" }))).toBe(false);
  expect(isByCardAlone(makePassage({ kind: "face", person, reason: "named" }))).toBe(false);
  expect(missingIcon(makePassage({ kind: "card" }))).toBe("card");
  expect(passagePlace(NAMES, makePassage({ kind: "card", lane: "main", camera: "reader", evidence: [card] }))).toBe("正门");
  expect([hasEyes([card]), hasEyes([card, { ...card, kind: "face" }]), hasEyes([])]).toEqual([false, true, true]);
});
