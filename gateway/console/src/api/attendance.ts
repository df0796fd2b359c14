// Who came to school: classes by day, and a teacher's word against the gates.
import { ask, withQuery } from "./client";

export type DayStatus = "off" | "due" | "present" | "late" | "absent" | "excused";
export type DayMark = "clock" | "no_direction" | "arrival_missed" | "delivered_late";
export type CorrectionKind = "arrived" | "present" | "absent" | "left" | "excused";

export interface Correction {
  id: string;
  day: string;
  kind: CorrectionKind;
  at: string | null;
  reason: string;
  who: string;
  made_at: string;
  ended_at: string | null;
}

/** What was told of a day. `silent`: nodes that said nothing then, so that somebody may have come by them unseen. */
export interface ToldOfDay {
  kind: "absent" | "still_inside";
  raised_at: string;
  withdrawn_at: string | null;
  silent: string[];
}

/** One pupil's day. `by_gate` is what the gates alone say. */
export interface DayLine {
  day: string;
  person_id: string;
  name: string;
  group: string;
  status: DayStatus;
  arrived_at: string | null;
  left_at: string | null;
  late_s: number;
  left_early: boolean;
  inside: boolean;
  still_inside: boolean;
  excused: boolean;
  marks: DayMark[];
  by_gate: DayStatus;
  corrections: Correction[];
  told: ToldOfDay[];
  /** When leave slips let them be away. */
  leaves: { id: string; begins: string; ends: string }[];
}

export type DayCounts = Record<DayStatus | "left_early" | "still_inside", number>;

/** Without `bells` the class has no school on that day, or nobody said when it has. */
export interface ClassCount {
  group: string;
  day: string;
  bells: { arrive_by: string; leave_from: string; closes: string | null } | null;
  counts: DayCounts;
}

export interface ClassDay extends ClassCount {
  people: DayLine[];
}

export interface CorrectionRequest {
  person_id: string;
  day: string;
  kind: CorrectionKind;
  at?: string;
  reason: string;
}

export const fetchClasses = async (day: string, signal?: AbortSignal): Promise<ClassCount[]> =>
  (await ask<{ items: ClassCount[] }>("GET", withQuery("/api/attendance/classes", { day }), undefined, signal)).items;

/** Null: nobody is in that class. */
export async function fetchClass(group: string, day: string, signal?: AbortSignal): Promise<ClassDay | null> {
  const path = withQuery("/api/attendance", { group, from: day });
  return (await ask<{ items: ClassDay[] }>("GET", path, undefined, signal)).items[0] ?? null;
}

export const correctDay = (wanted: CorrectionRequest): Promise<unknown> =>
  ask("POST", "/api/attendance/corrections", wanted);

export const takeBack = (correction: string, reason: string): Promise<unknown> =>
  ask("POST", `/api/attendance/corrections/${encodeURIComponent(correction)}/end`, { reason });

/** Where the browser fetches the sheet as a file. */
export const sheetAddress = (group: string, day: string, format: "csv" | "xlsx", lang: string): string =>
  withQuery("/api/attendance/export", { group, from: day, format, lang });
