// Passages: who and what went through, newest first.
import { ask, withQuery } from "./client";
import type { Page, Passage } from "./types";

export interface PassageFilter {
  person: string;
  card: string;
  /** As it was seen or heard: what is easily taken for it is found too. */
  plate_near: string;
  /** Camera or lane. */
  place: string;
  /** RFC 3339, UTC, milliseconds; empty: without an end. */
  since: string;
  until: string;
}

export const NO_FILTER: PassageFilter = { person: "", card: "", plate_near: "", place: "", since: "", until: "" };

/** A stretch of time at one node; RFC 3339, UTC, milliseconds. */
export interface Around {
  node: string;
  since: string;
  until: string;
}

export const fetchAround = async (around: Around, signal?: AbortSignal): Promise<Passage[]> =>
  (await ask<Page<Passage>>("GET", withQuery("/api/passages", { ...around, limit: 20 }), undefined, signal)).items;

export const fetchPassages = (
  filter: PassageFilter,
  before: string | null,
  signal?: AbortSignal,
): Promise<Page<Passage>> =>
  ask("GET", withQuery("/api/passages", { ...filter, before, limit: 50 }), undefined, signal);
