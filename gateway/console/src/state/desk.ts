// What lies on the guard's desk: the selected alert, steps under way, what can be undone, what was said.
import { create } from "zustand";
import type { AlertState } from "../api/types";
import { forget, remember, type Undoable } from "../logic/undo";

export interface Remark {
  id: number;
  tone: "calm" | "warning";
  text: string;
}

export interface Acting {
  id: string;
  what: "dispatch" | "close";
}

/** A step that was taken here and not yet confirmed by the gateway. */
export interface Taken {
  to: AlertState;
  /** Counts all steps that were taken. */
  turn: number;
}

interface Desk {
  selected: string | null;
  /** Whether keys have moved to the one that is selected: its id. */
  walkedTo: string | null;
  /** The last step of each alert, by its id. */
  pending: Readonly<Record<string, Taken>>;
  undoable: readonly Undoable[];
  remarks: readonly Remark[];
  helpOpen: boolean;
  /** Live tiles stand wide, in place of the selected alert. */
  wall: boolean;
  /** The case that somebody is about to hand on or close, in a dialog. */
  acting: Acting | null;
  act(acting: Acting | null): void;
  select(id: string | null): void;
  walk(id: string | null): void;
  /** The step's turn, to finish it with. */
  begin(id: string, to: AlertState): number;
  /** Does nothing when a later step of the same alert is under way. */
  finish(id: string, turn: number): void;
  canUndo(id: string, now: number): void;
  cannotUndo(id: string): void;
  say(tone: Remark["tone"], text: string): void;
  unsay(id: number): void;
  showHelp(open: boolean): void;
  showWall(wide: boolean): void;
}

let remarkCount = 0;
let turns = 0;

export const useDesk = create<Desk>()((set) => ({
  selected: null,
  walkedTo: null,
  pending: {},
  undoable: [],
  remarks: [],
  helpOpen: false,
  wall: false,
  acting: null,
  act: (acting) => set({ acting }),
  select: (selected) => set({ selected, walkedTo: null }),
  walk: (selected) => set({ selected, walkedTo: selected }),
  begin: (id, to) => {
    const taken = { to, turn: ++turns };
    set((desk) => ({ pending: { ...desk.pending, [id]: taken } }));
    return taken.turn;
  },
  finish: (id, turn) => set((desk) => (desk.pending[id]?.turn === turn ? { pending: without(desk.pending, id) } : {})),
  canUndo: (id, now) => set((desk) => ({ undoable: remember(desk.undoable, id, now) })),
  cannotUndo: (id) => set((desk) => ({ undoable: forget(desk.undoable, id) })),
  say: (tone, text) => set((desk) => ({ remarks: [...desk.remarks, { id: ++remarkCount, tone, text }].slice(-3) })),
  unsay: (id) => set((desk) => ({ remarks: desk.remarks.filter((remark) => remark.id !== id) })),
  showHelp: (helpOpen) => set({ helpOpen }),
  showWall: (wall) => set({ wall }),
}));

function without<T>(record: Readonly<Record<string, T>>, id: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== id));
}
