// What guards order lanes to do, and what becomes of it.
import { ask } from "./client";
import type { KeptOrder, LaneAnswer, LaneAnswers, PersonEntry } from "./types";

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

export const fetchPeople = async (signal?: AbortSignal): Promise<PersonEntry[]> =>
  (await ask<{ items: PersonEntry[] }>("GET", "/api/people", undefined, signal)).items;

const place = (node: string, lane: string): string =>
  `/api/lanes/${encodeURIComponent(node)}/${encodeURIComponent(lane)}`;
