// Spans of a week as they are typed, and what holds on a day as it is said.
import type { DayAhead, Holding, Hours, Span } from "../api/timetable";
import { WEEKDAYS, type Weekday } from "../api/people";

/** As a clock's field shows it: the end of a day is its midnight. */
export interface TypedSpan extends Span {
  /** Which one it is while they are typed. */
  key: number;
}

export const typed = (spans: readonly Span[]): TypedSpan[] =>
  spans.map((span, key) => ({ ...span, end: span.end === "24:00" ? "00:00" : span.end, key }));

export const isWhole = (span: Span): boolean => span.days.length > 0 && span.start !== "" && span.end !== "";

/** As the gateway has it. */
export const asHours = (spans: readonly TypedSpan[], holidays: boolean): Hours => ({
  spans: spans.map(({ days, start, end }) => ({
    days: WEEKDAYS.filter((day) => days.includes(day)),
    start,
    end: end === "00:00" ? "24:00" : end,
  })),
  holidays,
});

/** Weekdays one after another, such as the first and the last of mon to fri; else each. */
export function daysInRow(days: readonly Weekday[]): readonly Weekday[] | { first: Weekday; last: Weekday } {
  const sorted = WEEKDAYS.filter((day) => days.includes(day));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || sorted.length < 3) return sorted;
  return WEEKDAYS.indexOf(last) - WEEKDAYS.indexOf(first) === sorted.length - 1 ? { first, last } : sorted;
}

/** closed; whole: at any time of the day; else when. */
export type Said = { kind: "closed" } | { kind: "whole" } | { kind: "hours"; parts: readonly Part[] };
/** until and from: over midnight, as people say it. */
export type Part = { kind: "within" | "until" | "from"; start: string; end: string };

export function said(day: DayAhead): Said {
  if (day.windows.length === 0) return { kind: "closed" };
  const [first] = day.windows;
  if (first !== undefined && day.windows.length === 1 && first.start === "00:00" && first.end === "24:00") return { kind: "whole" };
  return { kind: "hours", parts: day.windows.map(partOf) };
}

function partOf({ start, end, before, after }: Holding): Part {
  if (before && !after) return { kind: "until", start, end };
  return { kind: after && !before ? "from" : "within", start, end };
}

/** What keeps a schedule from being saved before the gateway is asked. */
export function faultOf(id: string, spans: readonly TypedSpan[]): "name" | "spans" | "whole" | "nothing" | null {
  if (!NAME.test(id)) return "name";
  if (spans.length === 0) return "spans";
  if (!spans.every(isWhole)) return "whole";
  return asHours(spans, false).spans.some((span) => span.start === span.end) ? "nothing" : null;
}

/** As gates and files write names of groups and schedules. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
