// Names of what is kept from the gateway, so that live events find it.
import type { StateFilter } from "../api/alerts";
import type { Around, PassageFilter } from "../api/passages";

export const keys = {
  openAlerts: () => ["open-alerts"] as const,
  alerts: (state: StateFilter) => ["alerts", state] as const,
  alert: (id: string) => ["alert", id] as const,
  stream: () => ["stream"] as const,
  passages: (filter: PassageFilter) => ["passages", filter] as const,
  around: (around: Around) => ["around", around] as const,
  nodes: () => ["nodes"] as const,
  checks: () => ["checks"] as const,
  sitePlan: () => ["site-plan"] as const,
  timetable: () => ["timetable"] as const,
  year: () => ["year"] as const,
  everybody: () => ["everybody"] as const,
  file: (person: string) => ["file", person] as const,
  guardians: (person: string) => ["guardians", person] as const,
  collectors: (person: string) => ["collectors", person] as const,
  people: () => ["people"] as const,
  deskReaders: () => ["desk-readers"] as const,
  tableImport: (press: string) => ["people-import", press] as const,
  lanes: () => ["lanes"] as const,
  siteOrder: () => ["site-order"] as const,
  /** With its count: another repeat is another list. */
  repeats: (id: string, count: number) => ["repeats", id, count] as const,
  notices: () => ["notices"] as const,
  /** The first part of both: what happened at a gate changes any class's day. */
  attendance: () => ["attendance"] as const,
  classes: (day: string) => ["attendance", day] as const,
  classDay: (group: string, day: string) => ["attendance", day, group] as const,
  leaves: (person: string, day: string) => ["attendance", day, "leaves", person] as const,
  /** The first part of all that the visitors' desk shows. */
  visits: () => ["visits"] as const,
  visitsOf: (day: string) => ["visits", "day", day] as const,
  visit: (id: string) => ["visits", "one", id] as const,
  visitDesk: () => ["visits", "desk"] as const,
  expected: (day: string) => ["visits", "expected", day] as const,
  stops: () => ["visits", "stops"] as const,
  /** Changed by another officer. */
  watchLists: () => ["watch-lists"] as const,
  summary: () => ["summary"] as const,
};
