// What can still be taken back, and for how long.

export const UNDO_MS = 10_000;

export interface Undoable {
  alertId: string;
  /** Local milliseconds when the step was taken. */
  at: number;
}

export const stillUndoable = (entry: Undoable, now: number): boolean => now - entry.at < UNDO_MS;

/** The steps that can be taken back at `now`, latest last. */
export const prune = (entries: readonly Undoable[], now: number): Undoable[] =>
  entries.filter((entry) => stillUndoable(entry, now));

export function remember(entries: readonly Undoable[], alertId: string, now: number): Undoable[] {
  return [...prune(entries, now).filter((entry) => entry.alertId !== alertId), { alertId, at: now }];
}

export const forget = (entries: readonly Undoable[], alertId: string): Undoable[] =>
  entries.filter((entry) => entry.alertId !== alertId);

/** Whole seconds left, at least 1 while it can be undone; `now` may be a moment behind. */
export const secondsLeft = (entry: Undoable, now: number): number =>
  Math.ceil(Math.min(UNDO_MS, Math.max(0, entry.at + UNDO_MS - now)) / 1000);
