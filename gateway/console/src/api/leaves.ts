// Leave slips: a child may be away from then until then, and goes with whom the slip says.
import { ask, withQuery } from "./client";

export const COLLECTED = ["listed", "alone", "person", "plate"] as const;
export type Collected = (typeof COLLECTED)[number];

export interface LeaveSlip {
  id: string;
  person_id: string;
  name: string;
  group: string;
  begins: string;
  ends: string;
  /** Empty for guards, who need not know it. */
  reason: string;
  collected: Collected;
  /** A person's id or a plate. */
  collector: string;
  collector_name: string;
  who: string;
  made_at: string;
  ended_at: string | null;
}

export interface LeaveRequest {
  person_id: string;
  begins: string;
  ends: string;
  reason: string;
  collected: Collected;
  collector?: string;
}

export const fetchSlips = async (day: string, person: string, signal?: AbortSignal): Promise<LeaveSlip[]> =>
  (await ask<{ items: LeaveSlip[] }>("GET", withQuery("/api/leaves", { day, person_id: person }), undefined, signal)).items;

export const giveLeave = (wanted: LeaveRequest): Promise<LeaveSlip> => ask("POST", "/api/leaves", wanted);

export const endLeave = (id: string, reason: string): Promise<LeaveSlip> =>
  ask("POST", `/api/leaves/${encodeURIComponent(id)}/end`, { reason });
