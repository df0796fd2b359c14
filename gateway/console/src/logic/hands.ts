// Whom a guard is about to let pass: who stands at a lane, what is said of them, and how long a slip can be undone.
import type { PassWord } from "../api/hands";
import { Refused } from "../api/errors";
import type { Person } from "../api/types";
import type { Visit } from "../api/visits";
import { ageSeconds } from "./age";
import type { ShownLane } from "./lanes";
import { whoseOf } from "./lanes";

/** Reasons that are one press away, as they stand; each has words in the catalogue. */
export const PASS_WHYS = ["forgotten", "visitor", "parent", "delivery"] as const;
export type PassWhy = (typeof PASS_WHYS)[number];

/** Somebody who was refused so long ago has gone, or has found their card. */
export const WAITS_S = 60;
/** So long a slip is offered to be undone; the gateway takes it for some minutes. */
export const UNDO_S = 30;

/** Who is let pass: somebody enrolled, an expected visitor, somebody by a typed name, or nobody known. */
export interface Whom {
  person: Person | null;
  visit: Pick<Visit, "id" | "name"> | null;
  typed: string;
}

export const NOBODY: Whom = { person: null, visit: null, typed: "" };

/** Somebody who was refused at a lane a moment ago and may still stand there. */
export interface Waiting {
  lane: ShownLane;
  /** Null: nobody knows, or a card's owner whom the face showed to be somebody else. */
  person: Person | null;
  /** Of the refusal: another one is somebody else. */
  transaction: string;
}

/** The latest first. `now`: the gateway's clock in ms; `done`: refusals that were answered by hand already. */
export function waiting(lanes: readonly ShownLane[], now: number, done: ReadonlySet<string>): Waiting[] {
  return lanes
    .flatMap((lane) => {
      const decision = lane.known?.decision ?? null;
      if (decision === null || decision.by_hand || decision.verdict !== "refuse" || done.has(decision.transaction)) return [];
      if (ageSeconds(decision.time, now) >= WAITS_S) return [];
      const whose = whoseOf(decision);
      const certain = (whose === "person" || whose === "card_of") && decision.reason !== "face_differs";
      return [{ lane, person: certain ? decision.person : null, transaction: decision.transaction, time: decision.time }];
    })
    .toSorted((a, b) => b.time.localeCompare(a.time))
    .map(({ lane, person, transaction }) => ({ lane, person, transaction }));
}

/** What goes to the gateway; a typed name stands in the reason, since nobody enrolled has it. */
export function passWord(id: string, whom: Whom, direction: "in" | "out", why: string): PassWord {
  const typed = whom.person === null && whom.visit === null ? whom.typed.trim() : "";
  return {
    id,
    direction,
    why: typed === "" ? why : `${why}: ${typed}`,
    opens: true,
    ...(whom.person === null ? {} : { person_id: whom.person.id }),
    ...(whom.visit === null ? {} : { visit_id: whom.visit.id }),
  };
}

/** Whether the passage can be recorded by hand: the gateway hears us, and the node did not do it. */
export const canRecord = (error: unknown): boolean =>
  error instanceof Refused && ["node_offline", "no_answer", "node_failed", "node_refused", "node_expired", "node_unsupported"].includes(error.code);

/** What a word is undone by of which nobody knows whether the node heeded it; null: there is nothing to undo. */
export const unknownPass = (error: unknown): string | null =>
  error instanceof Refused ? (error.more["pass_id"] ?? null) : null;

/** Expected visitors whose name holds what was typed. */
export function foundVisits(visits: readonly Visit[], typed: string): Visit[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === "") return [];
  const fits = (visit: Visit): boolean => visit.state === "announced" && visit.name.toLocaleLowerCase().includes(wanted);
  return visits.filter(fits).slice(0, 4);
}
