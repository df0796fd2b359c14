// Alerts: pages of them, one of them, and the steps of their life.
import { sha256 } from "../logic/sha256";
import { ask, put, withQuery } from "./client";
import type { Alert, AlertRepeat, AlertState, Assignee, Page } from "./types";

export type StateFilter = "open" | "closed" | "all" | AlertState;

const OPEN_LIMIT = 200;

export const fetchAlerts = (state: StateFilter, before: string | null, signal?: AbortSignal): Promise<Page<Alert>> =>
  ask("GET", withQuery("/api/alerts", { state: state === "all" ? null : state, before, limit: 50 }), undefined, signal);

/** Everything that still wants somebody, as far as a guard can see at once. */
export const fetchOpenAlerts = async (signal?: AbortSignal): Promise<Alert[]> =>
  (await ask<Page<Alert>>("GET", withQuery("/api/alerts", { state: "open", limit: OPEN_LIMIT }), undefined, signal))
    .items;

export const fetchAlert = (id: string, signal?: AbortSignal): Promise<Alert> =>
  ask("GET", `/api/alerts/${encodeURIComponent(id)}`, undefined, signal);

export const fetchRepeats = async (id: string, signal?: AbortSignal): Promise<AlertRepeat[]> =>
  (await ask<{ items: AlertRepeat[] }>("GET", `/api/alerts/${encodeURIComponent(id)}/repeats`, undefined, signal)).items;

/** Bring a photo for a case, which a step then names by its sha256. */
export async function bringPhoto(id: string, photo: Blob): Promise<string> {
  const bytes = new Uint8Array(await photo.arrayBuffer());
  const name = sha256(bytes);
  await put(`/api/alerts/${encodeURIComponent(id)}/pictures/${name}`, photo);
  return name;
}

export interface Step {
  id: string;
  to: AlertState;
  note: string;
  /** Who is sent; with `dispatched` alone. */
  assignee?: Assignee;
  /** sha256 of a photo that was brought. */
  picture?: string;
  /** The gateway answers 409 when somebody was faster. */
  expected_state: AlertState;
}

export const takeStep = ({ id, ...step }: Step): Promise<Alert> =>
  ask("POST", `/api/alerts/${encodeURIComponent(id)}/transitions`, step);
