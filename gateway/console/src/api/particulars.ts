// What the office types of somebody: name, place, days, plates, guardians, a photograph.
import { ask, put } from "./client";
import { fetchFile, type PersonFile } from "./people";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Days are the site's, both included; empty takes one away. */
export interface Particulars {
  name: string;
  group: string;
  schedule: string;
  begins: string;
  ends: string;
}

export interface Guardian {
  id: string;
  name: string;
  language: Language;
  channels: string[];
  phone_since: string | null;
}

export interface GuardianRequest {
  name: string;
  address: string;
  language: Language;
  siblings: string[];
}

export interface Invitation {
  code: string;
  expires_at: string;
}

interface Guardians {
  items: Guardian[];
}

const at = (person: string, what: string): string => `/api/people/${encodeURIComponent(person)}/${what}`;

/** What is left out stays as it is. */
export const setParticulars = (person: string, said: Partial<Particulars>): Promise<PersonFile> =>
  ask("POST", at(person, "particulars"), said);

export const setPlates = (person: string, plates: readonly string[]): Promise<PersonFile> =>
  ask("POST", at(person, "plates"), { plates });

/** In place of those of before. */
export async function setPhotograph(person: string, picture: Blob): Promise<PersonFile> {
  await put(at(person, "photograph"), picture);
  return fetchFile(person);
}

export const fetchGuardians = async (person: string, signal?: AbortSignal): Promise<Guardian[]> =>
  (await ask<Guardians>("GET", at(person, "guardians"), undefined, signal)).items;

export const addGuardian = async (person: string, said: GuardianRequest): Promise<Guardian[]> =>
  (await ask<Guardians>("POST", at(person, "guardians"), said)).items;

/** `address` null: as before. */
export const changeGuardian = async (
  id: string,
  said: { name: string; language: Language; address: string | null },
): Promise<Guardian[]> => (await ask<Guardians>("PUT", `/api/guardians/${id}`, said)).items;

export const removeGuardian = async (id: string): Promise<Guardian[]> =>
  (await ask<Guardians>("DELETE", `/api/guardians/${id}`)).items;

/** A code by which their phone is bound, good once. */
export const inviteGuardian = (id: string): Promise<Invitation> => ask("POST", `/api/guardians/${id}/invitation`);

export const unbindPhone = (id: string): Promise<void> => ask("DELETE", `/api/guardians/${id}/phone`);
