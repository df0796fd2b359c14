// What guards order lanes to do, and what becomes of it.
import { ask, withQuery } from "./client";
import type { KeptOrder, LaneAnswer, LaneAnswers, Page, PersonEntry } from "./types";

export type LaneState = "open_once" | "held_open" | "locked" | "normal";

/** `id`: the same press, sent again, is carried out once. */
interface Ordered {
  id: string;
  why: string;
}

export interface StateOrder extends Ordered {
  state: LaneState;
  minutes?: number;
}

export interface PassOrder extends Ordered {
  direction: "in" | "out";
  person_id?: string;
}

export const setLane = (node: string, lane: string, order: StateOrder): Promise<LaneAnswer> =>
  ask("POST", `${place(node, lane)}/state`, order);

export const letPass = (node: string, lane: string, order: PassOrder): Promise<LaneAnswer> =>
  ask("POST", `${place(node, lane)}/pass`, order);

export const setAllLanes = (order: StateOrder): Promise<LaneAnswers> => ask("POST", "/api/lanes/state", order);

export const fetchSiteOrder = async (signal?: AbortSignal): Promise<KeptOrder | null> =>
  (await ask<{ order: KeptOrder | null }>("GET", "/api/lanes/order", undefined, signal)).order;

/** Everybody: one chooses among all of them. */
export async function fetchPeople(signal?: AbortSignal): Promise<PersonEntry[]> {
  const people: PersonEntry[] = [];
  let after: string | null = null;
  do {
    const path = withQuery("/api/people", { after, limit: 1000 });
    const page: Page<PersonEntry> = await ask("GET", path, undefined, signal);
    people.push(...page.items);
    after = page.next;
  } while (after !== null);
  return people;
}

const place = (node: string, lane: string): string =>
  `/api/lanes/${encodeURIComponent(node)}/${encodeURIComponent(lane)}`;
