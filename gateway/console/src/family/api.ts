// What a guardian's phone asks the gateway.
import { ask, setCsrf } from "../api/client";
import type { Day, Family, Message, Purpose, Standing } from "./types";

const child = (id: string): string => `/api/family/children/${encodeURIComponent(id)}`;

async function known(answer: Promise<Family>): Promise<Family> {
  const family = await answer;
  setCsrf(family.csrf);
  return family;
}

export const fetchFamily = (): Promise<Family> => known(ask<Family>("GET", "/api/family"));
export const bind = (code: string): Promise<Family> => known(ask<Family>("POST", "/api/family/bind", { code }));
export const leave = (): Promise<unknown> => ask("DELETE", "/api/family/session");
export const leaveOthers = (): Promise<unknown> => ask("DELETE", "/api/family/sessions");
export const fetchDays = async (id: string): Promise<Day[]> => (await ask<{ items: Day[] }>("GET", `${child(id)}/days`)).items;
export const pictureOf = (id: string, sha256: string): string => `${child(id)}/pictures/${sha256}`;
export const fetchConsents = async (id: string): Promise<Standing[]> =>
  (await ask<{ items: Standing[] }>("GET", `${child(id)}/consents`)).items;
export const fetchMessages = async (): Promise<Message[]> => (await ask<{ items: Message[] }>("GET", "/api/family/messages")).items;

export async function agree(id: string, purpose: Purpose, yes: boolean, version: string, words: string): Promise<Standing[]> {
  const said = { agree: yes, text_version: version, words };
  return (await ask<{ items: Standing[] }>("PUT", `${child(id)}/consents/${purpose}`, said)).items;
}

export const wish = (language: string, quiet: readonly string[]): Promise<unknown> =>
  ask("PUT", "/api/family/wishes", { language, quiet });
export const subscribe = (subscription: PushSubscription): Promise<unknown> =>
  ask("POST", "/api/family/push", subscription.toJSON());
export const unsubscribe = (endpoint: string): Promise<unknown> => ask("POST", "/api/family/push/end", { endpoint });
