// The live store, for those who know of a change before the gateway says it on the line.
import { createContext, useContext } from "react";
import type { LiveStore } from "./store";

export const LiveContext = createContext<LiveStore | null>(null);

export function useLiveStore(): LiveStore {
  const store = useContext(LiveContext);
  if (store === null) throw new Error("useLiveStore outside of LiveContext");
  return store;
}
