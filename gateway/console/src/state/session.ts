// Who is signed in at this screen.
import { create } from "zustand";
import type { Session, Site } from "../api/types";

type Phase = "asking" | "out" | "in";

interface SessionState {
  phase: Phase;
  session: Session | null;
  entered(session: Session): void;
  left(): void;
}

export const useSession = create<SessionState>()((set) => ({
  phase: "asking",
  session: null,
  entered: (session) => set({ phase: "in", session }),
  left: () => set({ phase: "out", session: null }),
}));

const NOWHERE: Site = { id: "", name: "", timezone: "Asia/Shanghai", silent_s: 30, cameras: {}, lanes: {} };

/** For what is no component. */
export const siteNow = (): Site => useSession.getState().session?.site ?? NOWHERE;

export const useRole = (): string => useSession((state) => state.session?.role ?? "");

export const useSite = (): Site => useSession((state) => state.session?.site ?? NOWHERE);
