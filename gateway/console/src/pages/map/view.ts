// Solid or flat: what somebody chose, as far as this browser can.
import { create } from "zustand";

export type View = "solid" | "flat";
const KEY = "zhian.map";

/** Whether the browser draws in three dimensions at all. */
export function canSolid(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    // A browser whose policy forbids it may throw instead of answering.
    return false;
  }
}

interface Choice {
  view: View;
  choose(view: View): void;
}

export const useView = create<Choice>()((set) => ({
  view: localStorage.getItem(KEY) === "flat" ? "flat" : "solid",
  choose(view) {
    localStorage.setItem(KEY, view);
    set({ view });
  },
}));
