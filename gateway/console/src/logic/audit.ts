// Words for what the record says that somebody did.
import type { TFunction } from "i18next";
import zh from "../i18n/zh-CN/audit";

type Action = keyof typeof zh.audit_action;

/** A code that this page has no words for stands as it is. */
export function auditAction(t: TFunction, code: string): string {
  const key = code.replaceAll(".", "_");
  return key in zh.audit_action ? t(`audit_action.${key as Action}`) : code;
}
