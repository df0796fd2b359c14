// What was drawn, step by step: back and forth, with the many small moves of one drag as one step.
export interface History<T> {
  past: readonly T[];
  now: T;
  future: readonly T[];
  /** What the last step belongs to; further ones of it replace it. */
  gesture: string | null;
}

export const MOST_STEPS = 100;

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], gesture: null });

/** A step; nothing where nothing changed. Steps of one gesture are undone as one. */
export function step<T>(history: History<T>, next: T, gesture: string | null = null): History<T> {
  if (next === history.now) return history;
  if (gesture !== null && gesture === history.gesture) return { ...history, now: next, future: [] };
  return { past: [...history.past, history.now].slice(-MOST_STEPS), now: next, future: [], gesture };
}

/** The drag has ended: the next one is another step. */
export const rest = <T>(history: History<T>): History<T> => (history.gesture === null ? history : { ...history, gesture: null });

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], gesture: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.now], now: next, future, gesture: null };
}
