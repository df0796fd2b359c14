// What a node or the gateway said in English, in the page's language; null where no sentence is known for it.
import type { TFunction } from "i18next";
import zh from "../i18n/zh-CN";
import { noticeReason } from "./notice-reasons";
import { type Blank, type Found, sentencesOf } from "./sentences";

/** Sentences within sentences go no deeper. */
const DEEPEST = 4;

export function said(t: TFunction, text: string, depth = 0): string | null {
  if (depth > DEEPEST || text === "") return null;
  const code = codeWord(t, text, depth);
  if (code !== null) return code;
  const behind = afterCode(t, text, depth);
  if (behind !== null) return behind;
  for (const found of sentencesOf(text)) {
    const words = filled(t, found, depth);
    if (words !== null) return words;
  }
  const notice = noticeReason(t, text);
  if (notice !== text) return notice;
  return afterName(t, text, depth);
}

/** Each line by itself; those without words as they are. null: none has any. */
export function saidLines(t: TFunction, text: string): string | null {
  const lines = text.split("\n").map((line) => ({ line, words: said(t, line) }));
  if (lines.every(({ words }) => words === null)) return null;
  return lines.map(({ line, words }) => words ?? line).join("\n");
}

function codeWord(t: TFunction, text: string, depth = 0): string | null {
  if (text === "did not open") return t("cause.did_not_open");
  if (text in zh.cause) return t(`cause.${text as keyof typeof zh.cause}`);
  if (text !== "other" && text in zh.reason) return t(`reason.${text as keyof typeof zh.reason}`);
  if (depth > 0 && text in zh.table_column) return t(`table_column.${text as keyof typeof zh.table_column}`);
  return null;
}

function filled(t: TFunction, { sentence, blanks }: Found, depth: number): string | null {
  const values: { context?: never } & Record<string, string> = {};
  for (const blank of blanks) {
    const value = valueOf(t, blank, depth);
    if (value === null) return null;
    values[blank.name] = value;
  }
  return t(`said.${sentence}`, values);
}

function valueOf(t: TFunction, { kind, text }: Blank, depth: number): string | null {
  if (kind === "=") return said(t, text, depth + 1);
  if (kind === "~") return said(t, text, depth + 1) ?? text;
  if (kind === "") return text;
  return text
    .split("; ")
    .map((each) => said(t, each, depth + 1) ?? each)
    .join(t("said_words.apart"));
}

/** `lost: whatever the driver says`: what is behind the code is told where it has words itself. */
function afterCode(t: TFunction, text: string, depth: number): string | null {
  const [first, rest] = cut(text);
  const code = codeWord(t, first);
  if (code === null || rest === "") return null;
  const more = said(t, rest, depth + 1);
  return more === null ? code : t("said_words.of", { of: code, what: more });
}

/** A name, and what is said of it. */
function afterName(t: TFunction, text: string, depth: number): string | null {
  const [name, rest] = cut(text);
  const more = said(t, rest, depth + 1);
  return more === null ? null : t("said_words.of", { of: name, what: more });
}

function cut(text: string): [string, string] {
  const at = text.indexOf(": ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 2)];
}
