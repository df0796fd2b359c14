// How far a node's clock is from the gateway's, and whether anything vouches for it: one statement, in words.
import type { TFunction } from "i18next";
import type { NodeStatus } from "../api/types";

/** From here on the gateway makes a case of it. */
export const OFF_S = 1;

export function clockIsOff(node: NodeStatus): boolean {
  return Math.abs(node.clock_ahead_s ?? 0) > OFF_S;
}

/** Only a clock that something disciplines is believed for long. */
export const clockIsLoose = (node: NodeStatus): boolean => node.machine?.clock === "stepped" || node.machine?.clock === "unsynced";

/** A clock that is right now may be so by chance: both are said together, never one alone. */
export function clockText(t: TFunction, node: NodeStatus): string {
  const vouched = node.machine?.clock ?? "";
  const offset = offsetText(t, node);
  return vouched === "" ? offset : t("nodes.clock_both", { offset, vouched: t(`nodes.clock_${vouched}`) });
}

function offsetText(t: TFunction, node: NodeStatus): string {
  const ahead = node.clock_ahead_s ?? null;
  if (ahead === null) return t("nodes.clock_unknown");
  if (!clockIsOff(node)) return t("nodes.clock_right");
  return t(ahead > 0 ? "nodes.clock_ahead" : "nodes.clock_behind", { seconds: Math.abs(ahead) });
}
