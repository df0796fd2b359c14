// Words for codes that come from the gateway; a code that a newer one invents is shown as it is, and said to be one.
import type { TFunction } from "i18next";
import { Refused, Unreachable } from "../api/errors";
import type { Check, DeviceStatus } from "../api/types";
import { said } from "../logic/said";
import zh from "./zh-CN";

type Group = "alert_kind" | "body_kind" | "passage_kind" | "reason" | "notice_state" | "channel" | "error";

function known<G extends Group>(group: G, code: string): code is Extract<keyof (typeof zh)[G], string> {
  return code !== "other" && code in zh[group];
}

export const alertKind = (t: TFunction, code: string): string =>
  known("alert_kind", code) && code !== "other" ? t(`alert_kind.${code}`) : t("alert_kind.other", { code });

export const passageKind = (t: TFunction, code: string): string =>
  known("passage_kind", code) && code !== "other" ? t(`passage_kind.${code}`) : t("passage_kind.other", { code });

export const bodyKind = (t: TFunction, code: string): string =>
  known("body_kind", code) && code !== "other" ? t(`body_kind.${code}`) : t("body_kind.other", { code });

export const noticeState = (t: TFunction, code: string): string =>
  known("notice_state", code) && code !== "other" ? t(`notice_state.${code}`) : t("notice_state.other", { code });

export const channelName = (t: TFunction, code: string): string =>
  known("channel", code) && code !== "other" ? t(`channel.${code}`) : t("channel.other", { code });

export const reasonText = (t: TFunction, code: string): string =>
  known("reason", code) && code !== "other" ? t(`reason.${code}`) : t("reason.other", { code });

/** live or not_live; a word that a newer node invents is shown as it is. */
export const livenessText = (t: TFunction, word: string): string =>
  word === "live" || word === "not_live" ? t(`liveness.${word}`) : word;

/** What the gateway looked at, with the name of the one among several. */
export function checkName(t: TFunction, check: Check): string {
  const [what = "", ...rest] = check.name.split(" ");
  return what in zh.check_name ? t(`check_name.${what as keyof typeof zh.check_name}`, { name: rest.join(" ") }) : check.name;
}

/** What it found; a newer gateway's finding in its own English. */
export const checkText = (t: TFunction, check: Check): string =>
  check.code in zh.check ? t(`check.${check.code as keyof typeof zh.check}`, shownValues(check)) : check.text;

export const checkAdvice = (t: TFunction, check: Check): string =>
  check.code in zh.check_advice ? t(`check_advice.${check.code as keyof typeof zh.check_advice}`) : check.advice;

const TENTHS = new Set(["days", "free"]);
/** Of so many nobody wants to know the tenths. */
const MANY = 100;

function shownValues(check: Check): { context?: never } & Record<string, string> {
  const shown = ([key, value]: [string, number | string]): [string, string] => [
    key,
    typeof value === "number" ? value.toFixed(TENTHS.has(key) && value < MANY ? 1 : 0) : value,
  ];
  return Object.fromEntries(Object.entries(check.values).map(shown));
}

/** Below this two faces are told apart by two digits no more: the figure, often below zero, says nothing to a guard. */
const LEAST_ALIKE = 0.005;

/** How alike two faces are, or how surely something else was read. */
export const scoreText = (t: TFunction, kind: string, score: number): string =>
  kind === "face" && score < LEAST_ALIKE ? t("face.unlike") : score.toFixed(2);

/** Whose age stands there: the picture's, or when a card, a hand or a contact told of it; never the alert's. */
export function ageLabel(kind: string): "face.age_card" | "face.age_manual" | "face.age_contact" | "face.age_picture" {
  if (kind === "card") return "face.age_card";
  if (kind === "manual") return "face.age_manual";
  return kind === "contact" ? "face.age_contact" : "face.age_picture";
}

/** What told of it: a reader is no camera. */
export function deviceLabel(kind: string): "face.reader" | "face.lane" | "face.input" | "face.camera" {
  if (kind === "card") return "face.reader";
  if (kind === "manual") return "face.lane";
  return kind === "contact" ? "face.input" : "face.camera";
}

/** What is wrong with a device: the code in words, and what the node said of it where that has words, too. */
export function deviceCause(t: TFunction, device: Pick<DeviceStatus, "cause" | "detail" | "state">): string {
  const code = device.cause === "" ? "lost" : device.cause;
  const words = code in zh.cause ? t(`cause.${code as keyof typeof zh.cause}`) : code;
  const more = said(t, device.detail);
  return more === null ? words : t("said_words.of", { of: words, what: more });
}

/** What drives a device, by its own name; one that is only a script is told apart from hardware. */
export const driverName = (t: TFunction, driver: string): string => (driver === "virtual" ? t("device.virtual") : driver);

/** A note that the gateway wrote by itself; what a person wrote stands as it is. */
export function noteText(t: TFunction, note: string): string {
  const code = note.replace(" ", "_");
  return code in zh.note ? t(`note.${code as keyof typeof zh.note}`) : note;
}

export const whoName = (t: TFunction, who: string): string => (who === "rule" ? t("who.rule") : who);

/** A column of an office's table, as it is headed. */
export const columnName = (t: TFunction, column: string): string =>
  column in zh.table_column ? t(`table_column.${column as keyof typeof zh.table_column}`) : column;

/** At the door a refusal means that what was typed does not open it. */
export const signInError = (t: TFunction, error: unknown): string =>
  error instanceof Refused && error.code === "not_logged_in" ? t("error.denied") : errorText(t, error);

export function errorText(t: TFunction, error: unknown): string {
  if (error instanceof Unreachable) return t("error.unreachable");
  if (!(error instanceof Refused)) return t("error.other", { code: error instanceof Error ? error.name : "?" });
  const { code } = error;
  return known("error", code) && code !== "other" ? t(`error.${code}`) : t("error.other", { code });
}

/** Why something was not done, by code; what the node or the gateway had against it stands behind, as far as it has words. */
export function refusalText(t: TFunction, error: unknown): string {
  const words = errorText(t, error);
  if (!(error instanceof Refused) || (error.status !== 409 && error.status !== 422)) return words;
  const why = said(t, error.message);
  return why === null ? words : t("said_words.of", { of: words, what: why });
}
