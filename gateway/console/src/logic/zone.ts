// Days and clock times of the site, whatever zone this computer is set to.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The site's day at a moment, such as 2026-10-12. */
export const dayIn = (time: number, timeZone: string): string => new Intl.DateTimeFormat("en-CA", { timeZone }).format(time);

/** What the site's clocks show, such as 08:05. */
export const clockIn = (time: number | string, timeZone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(time));

/** The last day of what ends at a moment: midnight ends the day before. */
export const lastDay = (end: string, timeZone: string): string => dayIn(Date.parse(end) - 1, timeZone);

/** The day so many days later. */
export const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);

/** Whether a text is a day at all. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && daysLater(text, 0) === text;

/** The moment at which the site's clocks show `clock` (08:05) on a day; RFC 3339 in UTC. */
export function momentIn(day: string, clock: string, timeZone: string): string {
  const wanted = Date.parse(`${day}T${clock}:00Z`);
  // Off by the zone's distance from UTC at that moment; looked at twice, since the first look may be on another side of a
  // change of clocks.
  const once = wanted - distance(wanted, timeZone);
  return new Date(wanted - distance(once, timeZone)).toISOString();
}

function distance(time: number, timeZone: string): number {
  const shown = Date.parse(`${dayIn(time, timeZone)}T${clockIn(time, timeZone)}:00Z`);
  return shown - Math.floor(time / MINUTE) * MINUTE;
}
