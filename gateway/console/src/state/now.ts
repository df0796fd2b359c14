// One clock for the whole page, so that all ages step together.
import { useSyncExternalStore } from "react";
import { serverClock } from "../api/clock";

const STEP_MS = 1_000;

let now = serverClock.now();
let local = Date.now();
const listeners = new Set<() => void>();

/** Steps as the gateway's second changes, so that the clock on the screen is never one behind. */
function step(): void {
  now = serverClock.now();
  local = Date.now();
  for (const listener of listeners) listener();
  setTimeout(step, STEP_MS - (now % STEP_MS));
}
step();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The gateway's clock in milliseconds, once a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** This computer's own clock, for what is measured here. */
export const useLocalNow = (): number => useSyncExternalStore(subscribe, () => local);
