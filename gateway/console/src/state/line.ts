// Whether the gateway can be heard, and since when not.
import { create } from "zustand";

interface Line {
  state: "connecting" | "open" | "lost";
  /** The gateway's clock, milliseconds. */
  lostSince: number | null;
  opened(): void;
  lost(now: number): void;
  /** Nobody listens any more. */
  closed(): void;
}

export const useLine = create<Line>()((set) => ({
  state: "connecting",
  lostSince: null,
  opened: () => set({ state: "open", lostSince: null }),
  closed: () => set({ state: "connecting", lostSince: null }),
  lost: (now) => set((line) => ({ state: "lost", lostSince: line.lostSince ?? now })),
}));
