// Alerts: pages of them, one of them, and the steps of their life.
import { ask, withQuery } from "./client";
import type { Alert, AlertState, Page } from "./types";

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

export interface Step {
  id: string;
  to: AlertState;
  note: string;
  /** The gateway answers 409 when somebody was faster. */
  expected_state: AlertState;
}

export const takeStep = ({ id, ...step }: Step): Promise<Alert> =>
  ask("POST", `/api/alerts/${encodeURIComponent(id)}/transitions`, step);
