// How the desk's list is ordered, and what may be done with a visit.
import type { Visit } from "../api/visits";

export const SECTIONS = ["overdue", "inside", "out", "expected", "over"] as const;
export type Section = (typeof SECTIONS)[number];

export function sectionOf(visit: Visit): Section {
  if (visit.state === "inside") return visit.overdue ? "overdue" : visit.on_site ? "inside" : "out";
  return visit.state === "invited" || visit.state === "announced" ? "expected" : "over";
}

/** Who stays too long stands first; empty sections are left out. */
export function sectionsOf(visits: readonly Visit[]): { section: Section; visits: Visit[] }[] {
  const found = SECTIONS.map((section) => ({
    section,
    visits: visits.filter((visit) => sectionOf(visit) === section).toSorted((one, other) => one.begins.localeCompare(other.begins)),
  }));
  return found.filter((each) => each.visits.length > 0);
}

/** By name, host, purpose or the end of a telephone number. */
export function matches(visit: Visit, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return [visit.name, visit.host, visit.purpose, visit.plate, visit.phone].some((each) => each.toLowerCase().includes(text));
}

/** What a pass holds, as a scanner types it. */
export const isPassCode = (text: string): boolean => /^[0-9a-f]{20}$/i.test(text.trim());

/** Nobody goes in unscreened; against a finding only with a reason. */
export const needsDecision = (visit: Visit): boolean => visit.screening === "hit" || visit.screening === "unscreened";

/** How long a visit may be, in minutes, of the usual choices. */
export function durations(usual: number, longest: number): number[] {
  const offered = [30, 60, 120, 240, 480].filter((minutes) => minutes <= longest);
  return [...new Set([...offered, usual])].toSorted((one, other) => one - other);
}
