// How alerts are ordered, brought up to date and walked through.
import type { Alert, AlertState, Assignee, Severity } from "../api/types";

const WEIGHT: Record<Severity, number> = { critical: 0, major: 1, minor: 2, info: 3 };
/** The note that an undo carries. */
export const UNDO = "undo";

const CLOSED: ReadonlySet<AlertState> = new Set(["resolved", "false_alarm"]);

export const isOpen = (alert: Alert): boolean => !CLOSED.has(alert.state);
/** Whether it is about somebody or something that can be looked at. */
export const showsSubject = (alert: Alert): boolean =>
  alert.evidence.length > 0 || alert.person !== null || alert.plate !== null;
/** Whether its person is only the owner of a card that somebody else had. */
export const namesOwner = (alert: Alert): boolean =>
  alert.kind === "borrowed_card" || (alert.kind === "tailgating" && alert.detail === "face_differs");
/** Whether its person is named by a card alone, which somebody held whom nobody looked at. */
export const isOfCard = (alert: Alert): boolean =>
  alert.person !== null &&
  alert.evidence.some((piece) => piece.kind === "card") &&
  !alert.evidence.some((piece) => piece.kind === "face");
const DEVICES = new Set(["card", "contact", "manual"]);
/** Whether its place is a lane, and what told of it a reader or contact, not a camera. */
export const isOfLane = (alert: Alert): boolean =>
  alert.lane !== null && alert.evidence.some((piece) => DEVICES.has(piece.kind) && piece.camera === alert.camera);
const TYPED = new Set(["emergency", "emergency_drill", "visitor_overdue", "rule_failed"]);
/** Whether its detail is what somebody typed, or a name: no sentence of a machine's. */
export const isTyped = (kind: string): boolean => TYPED.has(kind);
export const isUnacknowledged = (alert: Alert): boolean => alert.state === "raised";

/** Unacknowledged first; among them the most severe, then the newest. The rest by when they were last touched. */
export function compareForGuard(a: Alert, b: Alert): number {
  const waiting = Number(isUnacknowledged(b)) - Number(isUnacknowledged(a));
  if (waiting !== 0) return waiting;
  if (!isUnacknowledged(a)) return laterFirst(a.updated_at, b.updated_at);
  return WEIGHT[a.severity] - WEIGHT[b.severity] || laterFirst(lastRaisedAt(a), lastRaisedAt(b));
}

/** Moments as the gateway writes them: by a language's rules the same order would take twenty times as long. */
const laterFirst = (a: string, b: string): number => Number(a < b) - Number(a > b);

export const compareByRaised = (a: Alert, b: Alert): number =>
  laterFirst(lastRaisedAt(a), lastRaisedAt(b)) || Number(b.id) - Number(a.id);

/** The later of two versions of one alert; on a tie the one that came last. */
export const newerOf = (known: Alert | undefined, incoming: Alert): Alert =>
  known !== undefined && known.updated_at > incoming.updated_at ? known : incoming;

/** The open alerts after `incoming` came. */
export function mergeOpen(open: readonly Alert[], incoming: Alert): Alert[] {
  const known = open.find((alert) => alert.id === incoming.id);
  const kept = newerOf(known, incoming);
  const others = open.filter((alert) => alert.id !== incoming.id);
  return isOpen(kept) ? [...others, kept] : others;
}

/** The most severe that nobody has looked at; null when all are acknowledged. */
export function loudest(alerts: readonly Alert[]): Severity | null {
  const waiting = alerts.filter(isUnacknowledged).map((alert) => alert.severity);
  return waiting.toSorted((a, b) => WEIGHT[a] - WEIGHT[b])[0] ?? null;
}

/** The id `delta` places from `current`; stays within the list, starts at its top. */
export function moveSelection(ids: readonly string[], current: string | null, delta: 1 | -1): string | null {
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + delta))] ?? null;
}

/** What stays selected: the selection never moves under the guard's hand while its alert is there. */
export function keepSelection(alerts: readonly Alert[], current: string | null): string | null {
  if (current !== null && alerts.some((alert) => alert.id === current)) return current;
  return alerts[0]?.id ?? null;
}

/** The first `most` of them, and the one that is selected wherever it stands; how many have no place. */
export function firstOf(alerts: readonly Alert[], most: number, selected: string | null): { shown: readonly Alert[]; more: number } {
  const first = alerts.slice(0, most);
  const beyond = alerts.slice(most).filter((alert) => alert.id === selected);
  return { shown: [...first, ...beyond], more: alerts.length - first.length - beyond.length };
}

/** When it was last raised: a case that came back is as new as its return. */
export function lastRaisedAt(alert: Alert): string {
  const again = alert.transitions.findLast((step) => step.to === "raised" && step.note !== UNDO);
  return again?.when ?? alert.raised_at;
}

/** Whether it was raised anew after somebody had acknowledged or closed it. */
export const cameBack = (alert: Alert): boolean =>
  alert.transitions.some((step) => step.to === "raised" && step.note !== UNDO);

/** Who was sent last, while it is theirs to see to. */
export const assigneeOf = (alert: Alert): Assignee | null =>
  alert.state === "dispatched" ? (alert.transitions.findLast((step) => step.to === "dispatched")?.assignee ?? null) : null;

/** Whether the case can be closed now, as either outcome. */
export const canClose = (alert: Alert): boolean => alert.allowed.includes("resolved") || alert.allowed.includes("false_alarm");

/** Who took the step that was faster than ours, from the alert as it is now. */
export const lastActor = (alert: Alert): string | null => alert.transitions.at(-1)?.who ?? null;

/** Of a child who goes out when, or with whom, it may not. */
export const aboutLeaving = (alert: Pick<Alert, "kind">): boolean => alert.kind.startsWith("left_");
