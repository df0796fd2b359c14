// What a role is called.
import type { TFunction } from "i18next";

const ROLES = { admin: "role.admin", auditor: "role.auditor", guard: "role.guard", police: "role.police", teacher: "role.teacher" } as const;

/** A role that a newer gateway invents is shown as it is. */
export function roleName(t: TFunction, role: string): string {
  return role in ROLES ? t(ROLES[role as keyof typeof ROLES]) : role;
}
