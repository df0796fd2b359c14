// What the record says beside an action, in the page's language and the site's time; what nobody knows stands as it is.
import type { TFunction } from "i18next";
import zh from "../i18n/zh-CN";
import { said } from "./said";
import { type AuditSentence, auditSentencesOf, type Blank, type Found } from "./sentences";

/** Sentences within sentences go no deeper. */
const DEEPEST = 4;
/** So many letters of its own make a sentence; of those with fewer a list may be made up. */
const TELLING = 5;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** `moment`: how a moment is told (RFC 3339, UTC). */
export type TellMoment = (time: string) => string;

export const auditDetail = (t: TFunction, text: string, moment: TellMoment): string =>
  counts(t, text) ?? spoken(t, text, moment, 0) ?? said(t, text) ?? text;

/** How much of what a run deleted: an object of numbers. */
function counts(t: TFunction, text: string): string | null {
  if (!/^\{("[\w -]+":\d+,?)*\}$/.test(text)) return null;
  const found = [...text.matchAll(/"([\w -]+)":(\d+)/g)];
  if (found.length === 0) return codeWord(t, "none");
  return found.map(([, name = "", count]) => `${codeWord(t, name.replaceAll(/\W/g, "_")) ?? name} ${count}`).join(t("said_words.apart"));
}

function spoken(t: TFunction, text: string, moment: TellMoment, depth: number): string | null {
  if (depth > DEEPEST || text === "") return null;
  const word = codeWord(t, text);
  if (word !== null) return word;
  const found = [...auditSentencesOf(text)];
  const firstOf = (some: typeof found): string | null =>
    some.map((each) => filled(t, each, moment, depth)).find((words) => words !== null) ?? null;
  return (
    firstOf(found.filter(({ weight }) => weight >= TELLING)) ??
    inPieces(t, text, moment, depth) ??
    firstOf(found.filter(({ weight }) => weight < TELLING))
  );
}

function codeWord(t: TFunction, code: string): string | null {
  return /^[a-z_]+$/.test(code) && code in zh.audit_word ? t(`audit_word.${code as keyof typeof zh.audit_word}`) : null;
}

function filled(t: TFunction, { sentence, blanks }: Found<AuditSentence>, moment: TellMoment, depth: number): string | null {
  const values: { context?: never } & Record<string, string> = {};
  for (const blank of blanks) {
    const value = valueOf(t, blank, moment, depth);
    if (value === null) return null;
    values[blank.name] = value;
  }
  return t(`audit_said.${sentence}`, values);
}

function valueOf(t: TFunction, { name, kind, text }: Blank, moment: TellMoment, depth: number): string | null {
  // Typed words may begin as a sentence does.
  if (name === "count" && !/^\d+$/.test(text)) return null;
  if (name === "text" && text.includes(", ")) return null;
  if (kind === "#") return codeWord(t, text);
  if (kind === "@") return MOMENT.test(text) ? moment(text) : (codeWord(t, text) ?? text);
  if (kind === "") return text;
  const words = spoken(t, text, moment, depth + 1) ?? said(t, text);
  return kind === "=" ? words : (words ?? text);
}

/** A list of which every piece is known. */
function inPieces(t: TFunction, text: string, moment: TellMoment, depth: number): string | null {
  for (const apart of ["; ", ", "]) {
    if (!text.includes(apart)) continue;
    const words = text.split(apart).map((piece) => spoken(t, piece, moment, depth + 1));
    if (words.every((each) => each !== null)) return words.join(t("said_words.apart"));
  }
  return null;
}
