// What a guard is about to order: what must be said first, and when it is another press.
import type { LaneState } from "../api/orders";
import { Refused, Unreachable } from "../api/errors";
import type { PersonEntry } from "../api/types";

/** What can be done at one lane, as its buttons stand. */
export const ORDERS = ["open_once", "held_open", "locked", "normal", "pass"] as const;
export type Order = LaneState | "pass";

/** What is offered as the end of an order that stays, in minutes. */
export const LASTS = [5, 15, 60, 240, 720] as const;
export const LASTS_FIRST = 15;
/** A lockdown must not end by itself while it is needed. */
export const LASTS_FIRST_ALL = 240;

/** Reasons that are one press away; each has words in the catalogue. */
export const WHYS = ["visitor", "delivery", "forgotten", "emergency", "drill"] as const;
export const WHYS_ALL = ["emergency", "drill"] as const;

const MOST_FOUND = 6;

/** Whether an order stays until its time is over. */
export const stays = (order: Order): boolean => order === "held_open" || order === "locked";

/** People whose name or number holds what was typed; nobody of a watch list, whom nobody lets pass by name. */
export function found(people: readonly PersonEntry[], typed: string): PersonEntry[] {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === "") return [];
  const fits = (person: PersonEntry): boolean =>
    person.name.toLocaleLowerCase().includes(wanted) || person.id.toLocaleLowerCase().includes(wanted);
  return people.filter((person) => !person.watch && fits(person)).slice(0, MOST_FOUND);
}

/**
 * Whether sending again is the same press: where nobody knows whether it was done, it must not be done twice.
 */
export const isSamePress = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Refused && (error.code === "no_answer" || error.status >= 500));

/** A name for one press. `randomUUID` is kept from pages that come without TLS. */
export function newPress(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
