// Times as they are read at the site: in its zone, in the reader's language.
import { useMemo } from "react";
import { useSession } from "./session";
import { useSettings } from "./settings";

export interface Times {
  /** 08:03:12 */
  clock(time: string | number): string;
  /** 11-22 08:03:12, with the date in the language's order. */
  full(time: string | number): string;
  /** 13:00; with its date where that is not the site's day of `now`. */
  until(time: string | number, now: number): string;
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
  const date = new Intl.DateTimeFormat("en-CA", { timeZone });
  const day = new Intl.DateTimeFormat(language, { timeZone, weekday: "long", month: "long", day: "numeric" });
  return {
    clock: (time) => clock.format(new Date(time)),
    full: (time) => full.format(new Date(time)),
    until: (time, now) => {
      const end = new Date(time);
      return (date.format(end) === date.format(now) ? minute : dated).format(end);
    },
    day: (time) => day.format(new Date(time)),
  };
}

export function useTimes(): Times {
  const language = useSettings((settings) => settings.language);
  const zone = useSession((state) => state.session?.site.timezone ?? "Asia/Shanghai");
  return useMemo(() => timesOf(language, zone), [language, zone]);
}
