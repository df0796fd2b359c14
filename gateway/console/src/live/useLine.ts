// Holds the live line open while somebody is signed in.
import { useEffect } from "react";
import { serverClock } from "../api/clock";
import { useLine } from "../state/line";
import { useSession } from "../state/session";
import { LiveConnection } from "./connection";
import type { LiveStore } from "./store";

export const HURRY = "zhian:hurry";

export function useLiveLine(store: LiveStore): void {
  useEffect(() => {
    const line = useLine.getState();
    const connection = new LiveConnection({
      opened(resumed) {
        line.opened();
        if (!resumed) store.refetch();
      },
      received: (event) => store.take(event),
      reset: () => store.refetch(),
      lost: () => line.lost(serverClock.now()),
      refused: () => useSession.getState().left(),
    });
    const hurry = (): void => connection.hurry();
    window.addEventListener("online", hurry);
    window.addEventListener(HURRY, hurry);
    void connection.run();
    return () => {
      window.removeEventListener("online", hurry);
      window.removeEventListener(HURRY, hurry);
      connection.stop();
      line.closed();
    };
  }, [store]);
}
