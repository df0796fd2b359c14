// Watch lists: what stands where, and what was typed.
import type { WatchEntry } from "../api/watchLists";

export type WatchPart = "waiting" | "active" | "over";
export const WATCH_PARTS: readonly WatchPart[] = ["waiting", "active", "over"];

export function watchPart({ state }: WatchEntry): WatchPart {
  if (state === "proposed") return "waiting";
  return state === "active" ? "active" : "over";
}

/** The last day of an entry at the site, `2026-12-31`; `until` is the moment after it. */
export const lastDay = (until: string, timeZone: string): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date(until).getTime() - 1);

/** Plates as somebody types them: any comma or line between, spaces and dots within are nothing. */
export function platesOf(text: string): string[] {
  const parts = text
    .split(/[,，、;；\n]/)
    .map((part) => part.replaceAll(/[\s·.-]/g, "").toUpperCase())
    .filter((part) => part !== "");
  return [...new Set(parts)];
}
