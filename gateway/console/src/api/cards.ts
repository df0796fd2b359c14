// Cards at the desk: the readers there are, what was shown to one while somebody asks, and whose a card is.
import { ask } from "./client";

export interface DeskReader {
  node: string;
  reader: string;
  driver: string;
  state: "ready" | "starting" | "down" | "offline";
  detail: string;
  /** Who reads a card with it just now. */
  busy: string | null;
}

export interface Listening {
  after: number;
  card: { card: string; at: string } | null;
}

/** As a reader tells a card, or as it is printed on it. */
export const SPELLINGS = ["hex", "decimal", "facility,number", "hex-reversed", "decimal-reversed"] as const;
export type Spelling = (typeof SPELLINGS)[number];

export interface WhoseCard {
  /** In canonical form. */
  card: string;
  how: "whole" | "cut" | "ambiguous" | "withdrawn" | "unknown";
  owner: { id: string; name: string; group: string; withdrawn_at: string | null; reason: string } | null;
}

export const fetchDeskReaders = async (signal?: AbortSignal): Promise<DeskReader[]> =>
  (await ask<{ items: DeskReader[] }>("GET", "/api/desk/readers", undefined, signal)).items;

/** `after` null begins anew; asked again and again while somebody waits for a card. */
export const listenTo = ({ node, reader }: Pick<DeskReader, "node" | "reader">, after: number | null, signal: AbortSignal): Promise<Listening> =>
  ask("POST", `/api/desk/readers/${encodeURIComponent(node)}/${encodeURIComponent(reader)}/listen`, { after }, signal);

export const whoseCard = (card: string, spelling: Spelling = "hex"): Promise<WhoseCard> =>
  ask("POST", "/api/cards/whose", { card, spelling });
