// Words for what the record says that somebody did, and what it was about.
import type { TFunction } from "i18next";
import type { AuditEntry, PictureOf } from "../api/audit";
import { alertKind, passageKind } from "../i18n/codes";
import zh from "../i18n/zh-CN/audit";

type Action = keyof typeof zh.audit_action;

/** A code that this page has no words for stands as it is. */
export function auditAction(t: TFunction, code: string): string {
  const key = code.replaceAll(".", "_");
  return key in zh.audit_action ? t(`audit_action.${key as Action}`) : code;
}

const SHA256 = /^[0-9a-f]{64}$/;
/** So many of its first digits tell one picture from another on a page. */
const SHORT = 12;

/** Whom or what an entry is about: nobody knows a picture by its sha256. `moment`: how a time is told. */
export function auditSubject(t: TFunction, { subject, picture }: AuditEntry, moment: (time: string) => string): string {
  if (!SHA256.test(subject)) return subject;
  const short = t("audit.picture", { digest: subject.slice(0, SHORT) });
  if (!picture) return short;
  const parts = [...(picture.kind === "" ? [short] : pictureOf(t, picture)), picture.place, moment(picture.at)];
  return parts.filter((part) => part !== "").join(" · ");
}

function pictureOf(t: TFunction, { case: number, kind, person, plate }: PictureOf): string[] {
  const whose = person ?? plate ?? "";
  if (number !== null) return [t("audit.picture_case", { number, what: alertKind(t, kind) }), whose];
  return [t("audit.picture_passage", { what: whose || nameless(t, kind) })];
}

function nameless(t: TFunction, kind: string): string {
  if (kind === "face") return t("subject.stranger");
  if (kind === "plate") return t("subject.vehicle_unread");
  return kind === "body" ? t("subject.body") : passageKind(t, kind);
}
