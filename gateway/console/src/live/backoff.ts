// How long to wait before the next attempt: quickly at first, then every few seconds, never in step with others.

const FIRST_MS = 300;
const LONGEST_MS = 5_000;

/** `attempt` counts from 0, `chance` is in [0, 1). */
export function backoff(attempt: number, chance: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return full * (0.5 + chance / 2);
}
