// The visitors' desk, and what an invited person does without a login.
import { ask, put, withQuery } from "./client";
import { sha256 } from "../logic/sha256";

export type VisitState = "invited" | "announced" | "inside" | "left" | "refused" | "cancelled" | "missed";
export type Purpose = "keeping" | "photo" | "face";
export type Verdict = "none" | "clear" | "hit" | "unscreened";
export type Words = Record<string, Record<Purpose, string>>;

/** Numbers of people are masked. */
export interface Visit {
  id: string;
  state: VisitState;
  name: string;
  phone: string;
  citizen: string;
  plate: string;
  purpose: string;
  host: string;
  area: string;
  begins: string;
  ends: string;
  agreed: Purpose[];
  picture: string | null;
  screening: Verdict;
  answers: { source: string; word: "clear" | "hit" | "unavailable"; why: string }[];
  decided_by: string | null;
  decision: string;
  card: string | null;
  admitted_at: string | null;
  left_at: string | null;
  overdue: boolean;
  on_site: boolean;
  zone: string | null;
}

export interface VisitStep {
  passage_id: string;
  time: string;
  node: string;
  camera: string;
  lane: string | null;
  direction: string;
  zone: string | null;
}

export interface Host {
  kind: "user" | "person";
  id: string;
  name: string;
}

export interface VisitDesk {
  areas: { id: string; name: string }[];
  hosts: Host[];
  usual_minutes: number;
  longest_minutes: number;
  words: Words;
}

export interface Planned {
  name: string;
  phone: string;
  plate: string;
  purpose: string;
  host?: Host;
  begins: string;
  ends: string;
  area: string;
}

export interface Pass {
  visit: Visit;
  code: string;
  picture: string;
}

export interface Guest {
  site: string;
  timezone: string;
  host: string;
  begins: string;
  ends: string;
  state: VisitState;
  name: string;
  answered: boolean;
  words: Words;
  code: string | null;
  picture: string | null;
}

export interface Answer {
  token: string;
  name: string;
  phone: string;
  plate: string;
  citizen: string;
  agreed: Purpose[];
}

export interface StopEntry {
  id: string;
  name: string;
  citizen: string;
  plate: string;
  ground: string;
  until: string;
  who: string;
}

export type NewStop = Pick<StopEntry, "name" | "citizen" | "plate" | "ground" | "until">;

const at = (id: string, what = ""): string => `/api/visits/${encodeURIComponent(id)}${what}`;

export const fetchVisits = async (day: string, signal?: AbortSignal): Promise<Visit[]> =>
  (await ask<{ items: Visit[] }>("GET", withQuery("/api/visits", { day }), undefined, signal)).items;

export const fetchVisit = (id: string, signal?: AbortSignal): Promise<{ visit: Visit; steps: VisitStep[] }> =>
  ask("GET", at(id), undefined, signal);

export const fetchDesk = (signal?: AbortSignal): Promise<VisitDesk> => ask("GET", "/api/visits/desk", undefined, signal);

export const registerVisit = (wanted: Planned & { citizen: string; agreed: Purpose[] }): Promise<Visit> =>
  ask("POST", "/api/visits/window", wanted);

/** What somebody's last visit said; the numbers masked. */
export interface Earlier {
  id: string;
  name: string;
  phone: string;
  citizen: string;
  plate: string;
  purpose: string;
  host_name: string;
  area: string;
  begins: string;
}

/** Null: nobody gave that number, or what they said was deleted since. */
export const findEarlier = async (by: { phone: string; citizen: string }): Promise<Earlier | null> =>
  (await ask<{ earlier: Earlier | null }>("POST", "/api/visits/returning", by)).earlier;

export const inviteVisit = (wanted: Planned): Promise<{ visit: Visit; token: string; link: string }> =>
  ask("POST", "/api/visits", wanted);

export const renewLink = (id: string): Promise<{ visit: Visit; token: string; link: string }> => ask("POST", at(id, "/link"));

/** A QR code as an address for a picture. */
export const draw = async (text: string): Promise<string> =>
  (await ask<{ picture: string }>("POST", "/api/visits/picture", { text })).picture;

export const findByPass = (code: string): Promise<Visit> => ask("POST", "/api/visits/find", { code });

export const amendVisit = (id: string, said: { citizen: string; plate: string; agreed: Purpose[] }): Promise<Visit> =>
  ask("POST", at(id, "/details"), said);

export const screenVisit = (id: string): Promise<Visit> => ask("POST", at(id, "/screening"));

export const admitVisit = (id: string, given: { card: string; face: boolean; decision: string }): Promise<Pass> =>
  ask("POST", at(id, "/admit"), given);

export const fetchPass = (id: string): Promise<Pass> => ask("GET", at(id, "/pass"));

export const giveCard = (id: string, card: string | null): Promise<Visit> => ask("POST", at(id, "/card"), { card });

export const leaveVisit = (id: string, card_back: boolean): Promise<Visit> => ask("POST", at(id, "/leave"), { card_back });

export const extendVisit = (id: string, minutes: number): Promise<Visit> => ask("POST", at(id, "/extend"), { minutes });

export const endVisit = (id: string, how: "refuse" | "cancel", reason: string): Promise<Visit> =>
  ask("POST", at(id, `/${how}`), { reason });

export const eraseVisit = (id: string, reason: string): Promise<unknown> => ask("POST", at(id, "/erase"), { reason });

/** Without the visitor's consent `ground` says why it is taken. */
export async function putVisitPhoto(id: string, photo: Blob, ground: string): Promise<void> {
  const name = sha256(new Uint8Array(await photo.arrayBuffer()));
  await put(withQuery(at(id, `/pictures/${name}`), { ground }), photo);
}

export const fetchStops = async (signal?: AbortSignal): Promise<StopEntry[]> =>
  (await ask<{ items: StopEntry[] }>("GET", "/api/visitor-list", undefined, signal)).items;

export const addStop = (wanted: NewStop): Promise<unknown> => ask("POST", "/api/visitor-list", wanted);

export const removeStop = (id: string): Promise<unknown> =>
  ask("POST", `/api/visitor-list/${encodeURIComponent(id)}/remove`);

export const openInvitation = (token: string): Promise<Guest> => ask("POST", "/api/invitation", { token });

export const answerInvitation = (answer: Answer): Promise<Guest> => ask("POST", "/api/invitation/answer", answer);
