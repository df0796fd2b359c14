// How long ago something was, in the unit that a person would say.

export type AgeUnit = "now" | "seconds" | "minutes" | "hours" | "days";
export interface Age {
  unit: AgeUnit;
  count: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds between an RFC 3339 time and `now` (milliseconds); never negative: clocks differ a little. */
export const ageSeconds = (time: string, now: number): number => Math.max(0, (now - Date.parse(time)) / 1000);

export function ageOf(seconds: number): Age {
  if (seconds < 2) return { unit: "now", count: 0 };
  if (seconds < MINUTE) return { unit: "seconds", count: Math.floor(seconds) };
  if (seconds < HOUR) return { unit: "minutes", count: Math.floor(seconds / MINUTE) };
  if (seconds < 2 * DAY) return { unit: "hours", count: Math.floor(seconds / HOUR) };
  return { unit: "days", count: Math.floor(seconds / DAY) };
}
