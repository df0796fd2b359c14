// The hand-over between shifts.
import type { AlertState, Severity } from "./types";
import { ask } from "./client";

export interface ShiftSummary {
  since: string;
  until: string;
  passages: number;
  /** Cases raised, by kind. */
  raised: Record<string, number>;
  closed: number;
  open: number;
  cases: { id: string; kind: string; severity: Severity; state: AlertState; raised_at: string }[];
  /** What the whole site was ordered to be, in English words; empty: nothing. */
  order: string;
  /** The same apart; empty: nothing, or a hand-over from before these were kept. */
  order_state: "held_open" | "locked" | "";
  order_until: string;
  order_by: string;
  order_why: string;
  offline: string[];
  emergencies: number;
}

export interface HandOver {
  leaves: string;
  comes: string;
  at: string;
  note: string;
  summary: ShiftSummary;
}

export interface Shift {
  now: ShiftSummary;
  before: HandOver[];
}

export const fetchShift = (signal?: AbortSignal): Promise<Shift> => ask("GET", "/api/shift", undefined, signal);
export const handOver = (signing: { comes: string; password: string; note: string }): Promise<Shift> =>
  ask("POST", "/api/shift", signing);
