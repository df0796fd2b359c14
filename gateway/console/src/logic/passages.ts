// How passages are brought up to date and searched.
import type { Around, PassageFilter } from "../api/passages";
import type { Direction, Evidence, LaneDecision, Passage, Person } from "../api/types";
import { cameraName, laneName, type Names } from "./places";

/** Somebody who has left the roster keeps only a number. */
export const personName = (person: Person): string => (person.name === "" ? person.id : person.name);

/** What tells somebody from others of their name. */
export const groupAndNumber = ({ group, id }: Pick<Person, "group" | "id">): string => [group, id].filter(Boolean).join(" · ");

/** In or out as it counts at this lane, which may be seen from behind. */
export function directionOf(passage: Pick<Passage, "direction" | "movement">): Direction {
  if (passage.movement === null) return passage.direction;
  return passage.movement === "arrival" ? "in" : "out";
}

/** How many the guard's stream keeps. */
const STREAM = 60;

export const compareByTime = (a: Passage, b: Passage): number =>
  b.time.localeCompare(a.time) || Number(b.id) - Number(a.id);

/** The stream after `incoming` came: once each, newest first, bounded. A late one goes to its place in time. */
export function mergeStream(stream: readonly Passage[], incoming: Passage): Passage[] {
  const others = stream.filter((passage) => passage.id !== incoming.id);
  return [...others, incoming].toSorted(compareByTime).slice(0, STREAM);
}

const holds = (text: string | null | undefined, part: string): boolean =>
  part === "" || (text ?? "").toLowerCase().includes(part.toLowerCase());

/** Letters and digits that are taken for each other; the gateway has the same list. */
const ALIKE: Record<string, string> = { O: "0", Q: "0", D: "0", I: "1", Z: "2", S: "5", G: "6", B: "8" };
const foldedPlate = (text: string): string =>
  text.toUpperCase().replaceAll(/[·•.\- ]/g, "").replaceAll(/[OQDIZSGB]/g, (letter) => ALIKE[letter] ?? letter);

/** Whether a passage that just came belongs to a search that is shown. Whose a card is, only the gateway knows. */
export function matches(passage: Passage, filter: PassageFilter, names: Names): boolean {
  const person = `${passage.person?.id ?? ""} ${passage.person?.name ?? ""}`;
  const places = [passage.camera, cameraName(names, passage.camera, passage.node)];
  if (passage.lane !== null) places.push(passage.lane, laneName(names, passage.lane));
  return (
    filter.card === "" &&
    (filter.person === "" || holds(person, filter.person)) &&
    holds(foldedPlate(passage.plate ?? ""), foldedPlate(filter.plate_near)) &&
    places.some((place) => holds(place, filter.place)) &&
    (filter.since === "" || passage.time >= filter.since) &&
    (filter.until === "" || passage.time <= filter.until)
  );
}

/** Whether a passage belongs to what happened around something. */
export const isAround = (passage: Passage, around: Around): boolean =>
  passage.node === around.node && passage.time >= around.since && passage.time <= around.until;

/** How long before and after an alert somebody may have to do with it. */
const AROUND_MS = 90_000;

/** What is asked for to see what happened around a moment at a node. */
export function aroundOf(node: string, time: string): Around {
  const at = Date.parse(time);
  const text = (moment: number): string => new Date(moment).toISOString();
  return { node, since: text(at - AROUND_MS), until: text(at + AROUND_MS) };
}

const PREFERRED = ["face", "plate", "body"];

/** The evidence that shows best who or what it was: the face, else the plate, else anything with a picture. */
export function bestEvidence(evidence: readonly Evidence[]): Evidence | null {
  const shown = evidence.filter((item) => item.picture !== null);
  for (const kind of PREFERRED) {
    const found = shown.find((item) => item.kind === kind);
    if (found) return found;
  }
  return shown[0] ?? evidence[0] ?? null;
}

/** Reasons by which a face was held to be the person's. */
const PROVED = new Set(["confirmed", "named"]);
/** Reasons by which it was not, or could not be. */
const UNPROVED = new Set(["face_differs", "missing_factor"]);

/** A name by a card is the card's owner's: who held it nobody has seen, or nobody has compared. */
export const isByCardAlone = (passage: Pick<Passage, "kind" | "person" | "reason">): boolean =>
  passage.person !== null && passage.kind === "card" && !PROVED.has(passage.reason);

/** Whether a decision's name is only that of a card. */
export const isOfCardAlone = (decision: Pick<LaneDecision, "person" | "reason" | "evidence">): boolean =>
  decision.person !== null &&
  (UNPROVED.has(decision.reason) ||
    (!PROVED.has(decision.reason) && decision.evidence.some((piece) => piece.kind === "card")));

export type Subject = "person" | "vehicle" | "stranger" | "vehicle_unread" | "body";

/** What a passage is called. Unknown is said as unknown: never the nearest name. */
export function subjectOf(passage: Pick<Passage, "kind" | "person" | "plate">): Subject {
  if (passage.person !== null) return "person";
  if (passage.plate !== null) return "vehicle";
  if (passage.kind === "plate") return "vehicle_unread";
  return passage.kind === "body" ? "body" : "stranger";
}

const BODIES = ["person", "bicycle", "car", "motorcycle", "bus", "truck"] as const;
export type Body = (typeof BODIES)[number];

/** The kind of body that was seen whole; null where none was, or of a kind that this page does not know. */
export const bodyOf = (passage: Pick<Passage, "body">): Body | null =>
  BODIES.find((body) => body === passage.body) ?? null;

/** What stands for a picture that is not there. */
export function missingIcon(passage: Pick<Passage, "body" | "kind">): Body | "card" | "user" | "stranger" {
  const body = bodyOf(passage);
  if (body !== null) return body;
  if (passage.kind === "plate") return "car";
  if (passage.kind === "manual") return "user";
  return passage.kind === "card" ? "card" : "stranger";
}
