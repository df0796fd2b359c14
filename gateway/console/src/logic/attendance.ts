// How a class's day is read: who needs a look first, and what a press on a number shows.
import type { CorrectionKind, DayLine, DayStatus } from "../api/attendance";

/** What a class is counted and filtered by, in the order that somebody asks. */
export const FINDINGS = ["absent", "late", "left_early", "still_inside", "excused", "due", "present", "off"] as const;
export type Finding = (typeof FINDINGS)[number];

/** Whether a line is one of these. As the gateway counts: who is excused did not leave early. */
export function isFound(line: DayLine, finding: Finding): boolean {
  if (finding === "left_early") return line.left_early && !line.excused;
  if (finding === "still_inside") return line.still_inside;
  return line.status === finding;
}

/** The place of a line among those that need a look; the smaller the sooner. */
export const urgency = (line: DayLine): number => FINDINGS.findIndex((finding) => isFound(line, finding));

export type Order = "urgent" | "name";

/** The lines that a filter leaves (null: all), in an order; among equals by name, as a reader of `language` looks for it. */
export function shownLines(lines: readonly DayLine[], filter: Finding | null, order: Order, language: string): DayLine[] {
  const { compare } = new Intl.Collator(language === "en" ? ["en", "zh-CN"] : [language]);
  const left = lines.filter((line) => filter === null || isFound(line, filter));
  const byName = left.toSorted((one, other) => compare(one.name, other.name));
  return order === "name" ? byName : byName.toSorted((one, other) => urgency(one) - urgency(other));
}

/** What is usually said of a day, with one press; `reason` is a word of the catalogue. */
export const USUAL = [
  { kind: "present", reason: "seen" },
  { kind: "excused", reason: "ill" },
  { kind: "excused", reason: "family" },
  { kind: "absent", reason: "other_card" },
] as const satisfies readonly { kind: CorrectionKind; reason: string }[];

/** These say when. */
export const isTimed = (kind: CorrectionKind): boolean => kind === "arrived" || kind === "left";

/** The sign of each result, so that colour alone says nothing. */
export const SIGNS: Record<DayStatus, string> = {
  present: "✓",
  late: "◔",
  absent: "✕",
  excused: "○",
  due: "…",
  off: "–",
};

/** Whether the guardians were told of an absence that still holds, or that was taken back. */
export function absenceTold(line: DayLine): "told" | "taken_back" | null {
  const told = line.told.find((each) => each.kind === "absent");
  if (told === undefined) return null;
  return told.withdrawn_at === null ? "told" : "taken_back";
}
