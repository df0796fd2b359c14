// Holds the live line open while somebody is signed in.
import { useEffect } from "react";
import { serverClock } from "../api/clock";
import { useLine } from "../state/line";
import { useSession } from "../state/session";
import { LiveConnection } from "./connection";
import type { LiveStore } from "./store";

export const HURRY = "zhian:hurry";
/** How old what nodes last said is must be known well within the 15 s in which one that fell silent is shown. */
const NODES_EVERY_MS = 4_000;

export function useLiveLine(store: LiveStore): void {
  useEffect(() => {
    const line = useLine.getState();
    const connection = new LiveConnection({
      opened(resumed) {
        line.opened();
        if (!resumed) store.refetch();
      },
      received: (events) => store.take(...events),
      reset: () => store.refetch(),
      lost: () => line.lost(serverClock.now()),
      refused: () => useSession.getState().expired(),
    });
    const hurry = (): void => connection.hurry();
    window.addEventListener("online", hurry);
    window.addEventListener(HURRY, hurry);
    const again = setInterval(() => store.refetchNodes(), NODES_EVERY_MS);
    void connection.run();
    return () => {
      clearInterval(again);
      window.removeEventListener("online", hurry);
      window.removeEventListener(HURRY, hurry);
      connection.stop();
      line.closed();
    };
  }, [store]);
}
