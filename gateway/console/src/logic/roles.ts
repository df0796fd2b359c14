// Which pages a role works with, in the order of its day; what it may see is decided by the gateway, not here.
import type { PageName } from "./route";

export type Role = "admin" | "auditor" | "guard" | "police" | "teacher";
export type WorkPage = Exclude<PageName, "account" | "visit" | "login" | "nowhere">;

/** The first one is where the role begins. */
export const WORK: Record<Role, readonly WorkPage[]> = {
  admin: ["watch", "alerts", "map", "passages", "visitors", "school", "people", "groups", "calendar", "notices", "nodes", "muster", "shift", "replay", "queue", "lists", "audit"],
  auditor: ["audit"],
  guard: ["watch", "alerts", "map", "passages", "visitors", "notices", "nodes", "muster", "shift", "replay"],
  police: ["queue", "alerts", "map", "lists"],
  teacher: ["school", "passages", "visitors", "notices", "calendar", "groups"],
};

/** A role that this page does not know works with nothing but its own account. */
export function workOf(role: string): readonly WorkPage[] {
  return WORK[role as Role] ?? [];
}

/** What a role sees at an address: pages that are not its work lead to where it begins. */
export function pageFor(role: string, asked: PageName): Exclude<PageName, "login" | "visit"> {
  if (asked === "account" || asked === "nowhere") return asked;
  return workOf(role).find((name) => name === asked) ?? homeOf(role);
}

export function homeOf(role: string): WorkPage | "account" {
  return workOf(role)[0] ?? "account";
}
