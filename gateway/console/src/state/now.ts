// One clock for the whole page, so that all ages step together.
import { useSyncExternalStore } from "react";
import { serverClock } from "../api/clock";

const STEP_MS = 1_000;

let now = serverClock.now();
let local = Date.now();
const listeners = new Set<() => void>();

setInterval(() => {
  now = serverClock.now();
  local = Date.now();
  for (const listener of listeners) listener();
}, STEP_MS);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The gateway's clock in milliseconds, once a second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now);

/** This computer's own clock, for what is measured here. */
export const useLocalNow = (): number => useSyncExternalStore(subscribe, () => local);
