// The school's year: bells, holidays, and workdays that are moved for them.
import { ask } from "./client";
import type { Weekday } from "./people";

export interface GroupHours {
  id: string;
  schedule: string;
  lessons: string;
  collected: boolean;
  /** 07:50; empty: as its lessons say. */
  arrive_by: string;
  leave_from: string;
  closes: string;
}

export interface YearDay {
  day: string;
  /** The weekday whose hours hold; null: a day off. */
  works_as: Weekday | null;
  name: string;
}

export interface SchoolYear {
  groups: GroupHours[];
  schedules: { id: string; spans: { days: Weekday[]; start: string; end: string }[]; holidays: boolean }[];
  days: YearDay[];
}

export interface BellsRequest {
  group: string;
  arrive_by: string;
  leave_from: string;
  closes: string;
}

export const fetchYear = (signal?: AbortSignal): Promise<SchoolYear> => ask("GET", "/api/calendar", undefined, signal);
export const setDay = (day: YearDay): Promise<SchoolYear> => ask("POST", "/api/calendar/days", day);
export const removeDay = (day: string): Promise<SchoolYear> => ask("POST", "/api/calendar/days/remove", { day });
export const setBells = (bells: BellsRequest): Promise<SchoolYear> => ask("POST", "/api/calendar/bells", bells);
