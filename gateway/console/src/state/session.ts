// Who is signed in at this screen.
import { create } from "zustand";
import type { Session, Site } from "../api/types";

type Phase = "asking" | "out" | "in";

interface SessionState {
  phase: Phase;
  session: Session | null;
  /** It ended by itself, which nobody at the screen asked for. */
  ended: boolean;
  entered(session: Session): void;
  left(): void;
  /** The gateway knows the session no more. */
  expired(): void;
}

export const useSession = create<SessionState>()((set) => ({
  phase: "asking",
  session: null,
  ended: false,
  entered: (session) => set({ phase: "in", session, ended: false }),
  left: () => set({ phase: "out", session: null, ended: false }),
  // Answers to what was asked before somebody left come later.
  expired: () => set((now) => (now.phase === "in" ? { phase: "out", session: null, ended: true } : now)),
}));

const NOWHERE: Site = { id: "", name: "", timezone: "Asia/Shanghai", silent_s: 30, cameras: {}, lanes: {} };

/** For what is no component. */
export const siteNow = (): Site => useSession.getState().session?.site ?? NOWHERE;

export const useRole = (): string => useSession((state) => state.session?.role ?? "");

export const useSite = (): Site => useSession((state) => state.session?.site ?? NOWHERE);
