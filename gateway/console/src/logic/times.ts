// Times as they are read at the site: in its zone, in the language that is asked for.
import { dayIn } from "./zone";

export interface Times {
  /** 08:03:12 */
  clock(time: string | number): string;
  /** 11-22 08:03:12, with the date in the language's order. */
  full(time: string | number): string;
  /** 13:00; with its date where that is not the site's day of `now`. */
  until(time: string | number, now: number): string;
  /** 08:03:12; with its date where that is not the site's day of `now`. */
  since(time: string | number, now: string | number): string;
  /** Sunday, 22 November */
  day(time: string | number): string;
}

export function timesOf(language: string, timeZone: string): Times {
  const clock = new Intl.DateTimeFormat(language, { timeZone, timeStyle: "medium", hourCycle: "h23" });
  const full = new Intl.DateTimeFormat(language, {
    timeZone,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  const minute = new Intl.DateTimeFormat(language, { timeZone, timeStyle: "short", hourCycle: "h23" });
  const dated = new Intl.DateTimeFormat(language, {
    timeZone,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", month: "long", day: "numeric" });
  const sameDay = (one: Date, other: Date): boolean => dayIn(one.getTime(), timeZone) === dayIn(other.getTime(), timeZone);
  return {
    clock: (time) => clock.format(new Date(time)),
    full: (time) => full.format(new Date(time)),
    until: (time, now) => {
      const end = new Date(time);
      return (sameDay(end, new Date(now)) ? minute : dated).format(end);
    },
    since: (time, now) => {
      const began = new Date(time);
      return (sameDay(began, new Date(now)) ? clock : full).format(began);
    },
    day: (time) => day.format(new Date(time)),
  };
}
