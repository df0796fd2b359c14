// Passages: who and what went through, newest first.
import { ask, withQuery } from "./client";
import type { Page, Passage } from "./types";

export interface PassageFilter {
  person: string;
  plate: string;
  camera: string;
}

export const NO_FILTER: PassageFilter = { person: "", plate: "", camera: "" };

export const fetchPassages = (
  filter: PassageFilter,
  before: string | null,
  signal?: AbortSignal,
): Promise<Page<Passage>> =>
  ask("GET", withQuery("/api/passages", { ...filter, before, limit: 50 }), undefined, signal);
