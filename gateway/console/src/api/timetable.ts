// Groups and schedules: who belongs where, when they may come, and what a draft would mean.
import { ask } from "./client";
import type { Weekday } from "./people";

export interface Span {
  days: readonly Weekday[];
  /** 07:30, of the site; an end before the start is on the next day. */
  start: string;
  end: string;
}

export interface Hours {
  spans: readonly Span[];
  /** Also on days off. */
  holidays: boolean;
}

export interface ScheduleSeen extends Hours {
  id: string;
  groups: string[];
  /** Who come by it themselves, whatever their group does. */
  people: number;
  /** What a change says that it was made from. */
  tag: string;
}

export interface LanePlace {
  node: string;
  lane: string;
}

export interface GroupText {
  id: string;
  /** Empty: always. */
  schedule: string;
  /** Empty: none. */
  lessons: string;
  collected: boolean;
}

export interface GroupSeen extends GroupText {
  members: number;
  own_hours: number;
  teachers: string[];
  lanes: LanePlace[];
  /** Nothing is said of it here, but maybe by nodes themselves (`said_at`). */
  said: boolean;
  said_at: string[];
  tag: string;
}

export interface Timetable {
  groups: GroupSeen[];
  schedules: ScheduleSeen[];
  /** They name no group: everybody who is listed may pass. */
  open_lanes: LanePlace[];
}

export interface Holding {
  start: string;
  end: string;
  /** Since the day before; goes on when the day is over. */
  before: boolean;
  after: boolean;
}

export interface DayAhead {
  day: string;
  weekday: Weekday;
  works_as: Weekday | null;
  off: boolean;
  name: string;
  windows: Holding[];
}

export interface Outlook {
  always: boolean;
  days: DayAhead[];
}

export interface LookRequest {
  first: string;
  days: number;
  schedule?: string;
  draft?: Hours;
}

const PATH = "/api/timetable";
const at = (kind: "groups" | "schedules", name: string): string => `${PATH}/${kind}/${encodeURIComponent(name)}`;

export const fetchTimetable = (signal?: AbortSignal): Promise<Timetable> => ask("GET", PATH, undefined, signal);
export const lookAhead = (wanted: LookRequest, signal?: AbortSignal): Promise<Outlook> =>
  ask("POST", `${PATH}/look`, wanted, signal);

export const addSchedule = (id: string, hours: Hours): Promise<Timetable> => ask("POST", `${PATH}/schedules`, { id, ...hours });
/** `tag`: of the one that was changed; throws `Refused` (412) when it is another one by now. */
export const changeSchedule = (id: string, hours: Hours, tag: string): Promise<Timetable> =>
  ask("PUT", at("schedules", id), hours, undefined, tag);
export const removeSchedule = (id: string, tag: string): Promise<Timetable> =>
  ask("DELETE", at("schedules", id), undefined, undefined, tag);

export const addGroup = (wanted: GroupText): Promise<Timetable> => ask("POST", `${PATH}/groups`, wanted);
export const changeGroup = (id: string, wanted: GroupText, tag: string): Promise<Timetable> =>
  ask("PUT", at("groups", id), wanted, undefined, tag);
export const removeGroup = (id: string, tag: string): Promise<Timetable> =>
  ask("DELETE", at("groups", id), undefined, undefined, tag);

/** All of them or nobody; throws `Refused` (412) when one is in another group by now. */
export const movePeople = async (people: readonly { id: string; group: string }[], to: string): Promise<number> =>
  (await ask<{ count: number }>("POST", `${PATH}/move`, { people: people.map(({ id, group }) => ({ id, group })), to })).count;
