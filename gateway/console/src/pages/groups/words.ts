// Hours as they are said.
import type { TFunction } from "i18next";
import type { Weekday } from "../../api/people";
import type { DayAhead, Span } from "../../api/timetable";
import { daysInRow, type Part, said } from "../../logic/timetable";

export const dayName = (t: TFunction, day: Weekday): string => t(`collect.day_${day}`);

export function daysText(t: TFunction, days: readonly Weekday[]): string {
  const found = daysInRow(days);
  if ("first" in found) return t("timetable.days_range", { first: dayName(t, found.first), last: dayName(t, found.last) });
  return found.map((day) => dayName(t, day)).join(t("timetable.comma"));
}

export const spanText = (t: TFunction, span: Span): string => `${daysText(t, span.days)} ${span.start}–${span.end}`;

const partWords = (t: TFunction, parts: readonly Part[]): string[] =>
  parts.map(({ kind, start, end }) => t(`timetable.part_${kind}`, { start, end }));

/** Within a sentence. */
export const partsText = (t: TFunction, language: string, parts: readonly Part[]): string =>
  new Intl.ListFormat(language, { type: "conjunction" }).format(partWords(t, parts));

/** As a line of a list: the hours alone. */
export function hoursText(t: TFunction, day: DayAhead): string {
  const found = said(day);
  return found.kind === "hours" ? partWords(t, found.parts).join(t("timetable.comma")) : t(`timetable.${found.kind}`);
}

/** Why a day is unlike its weekday; empty: it is not. */
export function reasonText(t: TFunction, day: DayAhead): string {
  if (day.off) return day.name === "" ? t("timetable.off") : t("timetable.off_named", { name: day.name });
  if (day.works_as === null) return "";
  return [t("timetable.works_as", { day: dayName(t, day.works_as) }), day.name].filter((word) => word !== "").join(" · ");
}
