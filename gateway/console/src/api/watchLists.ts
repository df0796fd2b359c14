// Who and what is looked for: proposed by one, approved by another.
import { ask, put } from "./client";

export type WatchState = "proposed" | "active" | "refused" | "withdrawn" | "expired" | "lapsed";

export interface WatchEntry {
  id: string;
  /** What officers call it. */
  label: string;
  ground: string;
  until: string;
  plates: string[];
  state: WatchState;
  pictures: { sha256: string; url: string }[];
  /** How many photographs nodes compare faces with. */
  templates: number;
  proposed_by: string;
  proposed_at: string;
  decided_by: string | null;
  decided_at: string | null;
  ended_by: string | null;
  ended_at: string | null;
  reason: string;
  /** The caller proposed it, so somebody else has to decide. */
  mine: boolean;
}

export interface WatchProposal {
  label: string;
  ground: string;
  /** The last day, `2026-12-31`. */
  until: string;
  plates: string[];
}

const place = (id: string): string => `/api/watch-lists/${encodeURIComponent(id)}`;

export const fetchWatchLists = async (signal?: AbortSignal): Promise<WatchEntry[]> =>
  (await ask<{ items: WatchEntry[] }>("GET", "/api/watch-lists", undefined, signal)).items;

/** The entry first, then its photographs one by one; what fails in between leaves a proposal that can be added to. */
export async function propose(wanted: WatchProposal, photos: readonly Blob[]): Promise<WatchEntry> {
  const entry = await ask<WatchEntry>("POST", "/api/watch-lists", wanted);
  for (const photo of photos) await put(`${place(entry.id)}/pictures`, photo);
  return entry;
}

export const decideWatch = (entry: WatchEntry, decision: "approved" | "refused", reason: string): Promise<WatchEntry> =>
  ask("POST", `${place(entry.id)}/decision`, { decision, reason, seen: entry.pictures.map((one) => one.sha256) });

export const withdrawWatch = (entry: WatchEntry, reason: string): Promise<WatchEntry> =>
  ask("POST", `${place(entry.id)}/withdrawal`, { reason });
