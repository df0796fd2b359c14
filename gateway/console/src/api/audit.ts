// The record of who saw, did or was refused what.
import { ask, withQuery } from "./client";
import type { Page } from "./types";

export const AUDIT_KINDS = ["look", "refused", "case", "person", "visitor", "watch_list", "police", "access", "data"] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/** What a picture is of, as far as its passage or case is still kept. */
export interface PictureOf {
  /** The case's number; null: it is of a passage, or of nothing that is kept. */
  case: string | null;
  /** Of the passage or the case; empty: neither is kept. */
  kind: string;
  /** Whose passage or case it was, by their id; the face in the picture need not be theirs. */
  person: string | null;
  plate: string | null;
  /** Camera or lane, else the node. */
  place: string;
  /** When that was, else when the picture came. */
  at: string;
}

export interface AuditEntry {
  id: string;
  at: string;
  who: string;
  action: string;
  subject: string;
  detail: string;
  /** Not told by an older gateway. */
  picture?: PictureOf | null;
}

export interface AuditFilter {
  user: string;
  person: string;
  kind: AuditKind | null;
  /** Days of the site, `2026-11-22`, or empty; both included. */
  first_day: string;
  last_day: string;
}

export interface AuditState {
  /** The first entry that does not fit; null: the record is whole. */
  fault: number | null;
  /** What the anchor outside the database says against it, in English. */
  rewritten: string[];
  vouched_through: number | null;
  count: number;
  checked_at: string;
}

export const fetchAudit = (filter: AuditFilter, before: string | null, signal?: AbortSignal): Promise<Page<AuditEntry>> =>
  ask("GET", withQuery("/api/audit", { ...filter, before, limit: 100 }), undefined, signal);

export const fetchAuditState = (signal?: AbortSignal): Promise<AuditState> => ask("GET", "/api/audit/state", undefined, signal);

/** One node's local day. */
export interface LedgerLine {
  node: string;
  day: string;
  decided: number;
  stored: number;
  holes: number;
  waiting: number;
  /** Not here when a restored card used their numbers again: they may be gone. */
  reused: number;
  repeated: number;
  conflicts: number;
  foreign: number;
  unreadable: number;
  turned_away: number;
  said: string;
}

export interface Ledger {
  decided: number;
  stored: number;
  missing: number;
  items: LedgerLine[];
}

export const fetchLedger = (signal?: AbortSignal): Promise<Ledger> => ask("GET", "/api/audit/ledger", undefined, signal);
