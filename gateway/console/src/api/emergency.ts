// The emergency button, the roll call, and what could not be sent on.
import { ask } from "./client";

export type CallSource = "screen" | "key" | "input";

export interface Siren {
  node: string;
  result: "sounding" | "none" | "failed" | "waiting" | "offline";
}

export interface EmergencyCall {
  id: string;
  drill: boolean;
  source: CallSource;
  who: string;
  why: string;
  at: string;
  alert_id: string | null;
  siren: boolean;
  sirens: Siren[];
  police: boolean;
  /** How many webhooks have it, wait for it, were given up; `readers` fetch the feed themselves. */
  police_told: { sent: number; waiting: number; failed: number; readers: number } | null;
}

export interface Emergency {
  call: EmergencyCall | null;
  count: number;
}

export interface CallWanted {
  /** The press: the same one, sent again, is the same emergency. */
  id: string;
  drill: boolean;
  police?: boolean;
  siren?: boolean;
  by: "screen" | "key";
  why: string;
}

export const fetchEmergency = (signal?: AbortSignal): Promise<Emergency> =>
  ask("GET", "/api/emergency", undefined, signal);
export const callEmergency = (wanted: CallWanted): Promise<Emergency> => ask("POST", "/api/emergency", wanted);
export const endEmergency = (why: string): Promise<Emergency> => ask("POST", "/api/emergency/end", { why });

export interface MusterPerson {
  id: string;
  name: string;
  group: string;
  /** Empty: not known to be in any. */
  zone: string;
  node: string;
  at: string;
  /** The gate that told of them is not heard any more. */
  stale: boolean;
  left_at: string | null;
  met_at: string | null;
  met_by: string | null;
}

export interface Muster {
  muster: { id: string; drill: boolean; who: string; at: string } | null;
  as_of: string;
  people: MusterPerson[];
  /** People without a name, noted by hand today. */
  nameless: { came: number; left: number };
  unheard: { node: string; last_seen: string | null }[];
}

export const fetchMuster = (signal?: AbortSignal): Promise<Muster> => ask("GET", "/api/muster", undefined, signal);
export const beginMuster = (drill: boolean): Promise<Muster> => ask("POST", "/api/muster", { drill });
export const endMuster = (): Promise<Muster> => ask("POST", "/api/muster/end");
export const markMet = (id: string, met: boolean): Promise<Muster> =>
  ask("POST", `/api/muster/people/${encodeURIComponent(id)}`, { met });

export interface Debt {
  waiting: number;
  oldest: string | null;
  given_up: number;
  why: string;
}

export interface Outward {
  notices: Debt;
  police: Debt;
}

export const fetchOutward = (signal?: AbortSignal): Promise<Outward> => ask("GET", "/api/outward", undefined, signal);
