// The office's desk: who is enrolled, by what they come in, their cards and consents, and who may collect a child.
import { ask, bring, withQuery } from "./client";
import type { Page, PersonEntry } from "./types";

export const PURPOSES = ["recognition", "listing", "notices", "evidence"] as const;
export type Purpose = (typeof PURPOSES)[number];
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export type Way = "face" | "card" | "plate" | "hand";
export type ConsentState = "given" | "asked_again" | "refused" | "ended" | "unsaid";

export interface Consent {
  state: ConsentState;
  until: string;
  text_version: string;
  given_by: string;
  given_on: string;
}

export interface Listed extends PersonEntry {
  templates: number;
  consents: Record<Purpose, Consent>;
  ways: Way[];
  /** Enrolled, and without any way in. */
  stranded: boolean;
  /** None for a teacher. */
  plates: string[];
  /** Here for a visit. */
  visitor: boolean;
}

export interface FaceCount {
  count: number;
  warning: number;
  filing: number;
  verdict: "ok" | "near" | "due";
}

export interface Everybody {
  items: Listed[];
  stranded: number;
  faces: FaceCount;
}

export interface CardEntry {
  value: string;
  issued_at: string | null;
  withdrawn_at: string | null;
  reason: string;
}

export interface PersonFile {
  id: string;
  name: string;
  group: string;
  watch: boolean;
  face: boolean;
  by_hand: boolean;
  cards: CardEntry[];
  plates: string[];
  guardians: { id: string; name: string; language: string }[];
  consents: Record<Purpose, Consent>;
  ways: Way[];
  stranded: boolean;
  /** Of their own; empty: their group's. */
  schedule: string;
  begins: string | null;
  ends: string | null;
  picture: string | null;
}

/** In which weeks; "" in all. */
export const TURNS = ["", "odd", "even"] as const;
export type Turn = (typeof TURNS)[number];

export interface CollectorKey {
  kind: "person" | "plate";
  value: string;
}

export interface Collector extends CollectorKey {
  name: string;
  /** Nobody enrolled them: no gate knows them. */
  known: boolean;
  begins: string | null;
  ends: string | null;
  /** Empty: every day. */
  days: Weekday[];
  turn: Turn;
  /** A day of an odd week, or empty: by the week's number in the year. */
  turn_from: string;
  note: string;
  today: boolean;
  /** By a leave slip, while it lasts. */
  once: boolean;
}

export interface Collectors {
  items: Collector[];
  siblings: { id: string; name: string; group: string }[];
}

export interface CollectorRequest extends CollectorKey {
  begins?: string;
  ends?: string;
  days: Weekday[];
  turn: Turn;
  turn_from?: string;
  note: string;
  siblings: string[];
}

/** Everybody, and the counts of all. */
export async function fetchEverybody(signal?: AbortSignal): Promise<Everybody> {
  type Part = Page<Listed> & Omit<Everybody, "items">;
  const items: Listed[] = [];
  let last: Part | null = null;
  do {
    const path = withQuery("/api/people", { after: last?.next ?? null, limit: 1000 });
    last = await ask<Part>("GET", path, undefined, signal);
    items.push(...last.items);
  } while (last.next !== null);
  return { items, stranded: last.stranded, faces: last.faces };
}

export interface TableRow {
  row: number;
  id: string;
  outcome: "enrolled" | "refused";
  errors: { column: string; reason: string }[];
  warnings: string[];
}

/** How much a table takes away, or would; `names`: how many people are called otherwise. */
export interface TableLosses {
  cards: number;
  plates: number;
  guardians: number;
  names: number;
}

export interface TableReport {
  enrolled: number;
  refused: number;
  losses: TableLosses;
  rows: TableRow[];
  /** Pictures of a ZIP that are nobody's of its table. */
  strays: string[];
}

/** How far an import is; what came of it once it is over. */
export interface TableStanding {
  state: "none" | "running" | "done" | "failed";
  press: string;
  rows: number;
  code: string;
  report: TableReport | null;
}

export interface TableRequest {
  file: File;
  ground: string;
  until: string;
  /** Names this import, so that its report can be asked for when its answer is lost. */
  press: string;
}

/** What the gateway takes at once, in bytes. */
export const TABLE_MOST = { csv: 4 << 20, xlsx: 4 << 20, zip: 64 << 20 } as const;

const FORMS = ["xlsx", "zip"] as const;

/** `look`: what would come of a table; `import`: it is done. */
export const sendTable = (door: "look" | "import", { file, ground, until, press }: TableRequest): Promise<TableReport> =>
  bring(withQuery(`/api/people/table/${door}`, { form: tableForm(file), ground, until, press: door === "import" ? press : "" }), file);

export const tableForm = (file: File): keyof typeof TABLE_MOST =>
  FORMS.find((each) => file.name.toLowerCase().endsWith(`.${each}`)) ?? "csv";

export const fetchImport = (signal?: AbortSignal): Promise<TableStanding> => ask("GET", "/api/people/table/import", undefined, signal);

const at = (person: string, what: string): string => `/api/people/${encodeURIComponent(person)}/${what}`;

export const fetchFile = (person: string, signal?: AbortSignal): Promise<PersonFile> =>
  ask("GET", at(person, "file"), undefined, signal);

export const fetchCollectors = (person: string, signal?: AbortSignal): Promise<Collectors> =>
  ask("GET", at(person, "collectors"), undefined, signal);

export const issueCard = (person: string, card: string): Promise<PersonFile> => ask("POST", at(person, "cards"), { card });

export const withdrawCard = (person: string, lost: { card: string; why: string; replacement: string }): Promise<PersonFile> =>
  ask("POST", at(person, "cards/withdraw"), lost);

/** A card that was lost holds again. */
export const returnCard = (person: string, card: string): Promise<PersonFile> =>
  ask("POST", at(person, "cards/found"), { card });

export const giveConsent = (person: string, said: { purpose: Purpose; until: string; by: string }): Promise<PersonFile> =>
  ask("POST", at(person, "consents"), said);

export const withdrawConsent = (person: string, said: { purpose: Purpose; by: string }): Promise<PersonFile> =>
  ask("POST", at(person, "consents/withdraw"), said);

export const setByHand = (person: string, by_hand: boolean, why: string): Promise<PersonFile> =>
  ask("POST", at(person, "switches"), { by_hand, why });

export const addCollector = (person: string, wanted: CollectorRequest): Promise<Collectors> =>
  ask("POST", at(person, "collectors"), wanted);

export const removeCollector = (person: string, key: CollectorKey): Promise<Collectors> =>
  ask("POST", at(person, "collectors/remove"), key);
