// One's own account, and for administrators who is signed in.
import { ask, withQuery } from "./client";
import type { Page } from "./types";

export interface SessionEntry {
  id: string;
  created_at: string;
  seen_at: string;
  address: string;
  agent: string;
  current: boolean;
}

export interface SecondFactor {
  on: boolean;
  needed: boolean;
  recovery_left: number;
}

export interface SecondSecret {
  secret: string;
  /** otpauth://, which the picture (an SVG in a data address) shows as a QR code. */
  address: string;
  picture: string;
}

export interface UserEntry {
  name: string;
  role: string;
  second_factor: boolean;
  password: boolean;
  sessions: number;
}

export const fetchSessions = async (signal?: AbortSignal): Promise<SessionEntry[]> =>
  (await ask<{ items: SessionEntry[] }>("GET", "/api/sessions", undefined, signal)).items;

export const endSession = (id: string): Promise<unknown> => ask("DELETE", `/api/sessions/${encodeURIComponent(id)}`);

export const endAllSessions = (): Promise<unknown> => ask("DELETE", "/api/sessions");

export const changePassword = (change: { password: string; new: string }): Promise<{ sessions: number }> =>
  ask("POST", "/api/account/password", change);

export const fetchSecondFactor = (signal?: AbortSignal): Promise<SecondFactor> =>
  ask("GET", "/api/account/second-factor", undefined, signal);

export const beginSecondFactor = (password: string): Promise<SecondSecret> =>
  ask("POST", "/api/account/second-factor", { password });

export const confirmSecondFactor = async (code: string): Promise<string[]> =>
  (await ask<{ codes: string[] }>("POST", "/api/account/second-factor/confirm", { code })).codes;

export const removeSecondFactor = (proof: { password: string; code: string }): Promise<SecondFactor> =>
  ask("POST", "/api/account/second-factor/remove", proof);

export const fetchUsers = (after: string | null, signal?: AbortSignal): Promise<Page<UserEntry>> =>
  ask("GET", withQuery("/api/users", { after, limit: 50 }), undefined, signal);

export const signOutUser = (name: string): Promise<unknown> =>
  ask("DELETE", `/api/users/${encodeURIComponent(name)}/sessions`);
