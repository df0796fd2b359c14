// The current route, following the address.
import { useMemo, useSyncExternalStore } from "react";
import { parseRoute, type Route } from "../logic/route";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

export function go(address: string): void {
  window.location.hash = address.replace(/^#/, "");
}
