// Signing in and out, and the first start.
import { ask, setCsrf } from "./client";
import type { Session } from "./types";

/** `code`: of the second factor, once the gateway has asked for it. */
export type Credentials = ({ user: string; password: string } | { ticket: string }) & { code?: string };
export interface SetupRequest {
  secret: string;
  user: string;
  password: string;
}

function keep(session: Session): Session {
  setCsrf(session.csrf);
  return session;
}

export const fetchSession = async (): Promise<Session> => keep(await ask<Session>("GET", "/api/session"));

export const signIn = async (credentials: Credentials): Promise<Session> =>
  keep(await ask<Session>("POST", "/api/session", credentials));

export const signOut = (): Promise<void> => ask("DELETE", "/api/session");

export const setupNeeded = async (): Promise<boolean> =>
  (await ask<{ needed: boolean }>("GET", "/api/setup")).needed;

export const setUp = async (request: SetupRequest): Promise<Session> =>
  keep(await ask<Session>("POST", "/api/setup", request));
