// What a guard's hands have just done: under way, done, recorded or not, and whether it can still be undone.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { create } from "zustand";
import { letIn, type PassWord, recordPass, undoPass } from "../api/hands";
import { fetchVisits } from "../api/visits";
import { keys } from "../live/keys";
import { canRecord, UNDO_S, unknownPass } from "../logic/hands";
import { isSamePress } from "../logic/orders";

interface Panel {
  /** The lane that it was opened for; "": none in particular, null: it is closed. */
  open: string | null;
  show(open: string | null): void;
}

export const useHandsPanel = create<Panel>()((set) => ({ open: null, show: (open) => set({ open }) }));

/** Today's visits, asked for when somebody is looked for: every look is audited. */
export const useExpected = (day: string, wanted: boolean) =>
  useQuery({
    queryKey: keys.expected(day),
    queryFn: ({ signal }) => fetchVisits(day, signal),
    enabled: wanted,
    staleTime: 60_000,
  });

/** A word that was given, and what it is called on the page. */
export interface Given {
  node: string;
  lane: string;
  said: string;
  word: PassWord;
}

export type HandsState = "idle" | "busy" | "passed" | "recorded" | "failed" | "undone";

/** One word at a time; the last one stays on the page until the next. */
export function useHands() {
  const client = useQueryClient();
  const [given, give] = useState<Given | null>(null);
  const [state, turn] = useState<HandsState>("idle");
  const [error, fail] = useState<unknown>(null);
  const [passId, name] = useState<string | null>(null);
  /** Of a word of which nobody knows whether it was heeded. */
  const [unknown, wonder] = useState<string | null>(null);
  const [until, last] = useState(0);
  const did = (next: HandsState, id: string): void => {
    name(id);
    wonder(null);
    turn(next);
    last(Date.now() + UNDO_S * 1000);
    void client.invalidateQueries({ queryKey: keys.lanes() });
  };
  const failed = (why: unknown): void => {
    fail(why);
    turn("failed");
  };
  const begin = (): void => {
    fail(null);
    turn("busy");
  };
  const send = useMutation({
    mutationFn: ({ node, lane, word }: Given) => letIn(node, lane, word),
    retry: false,
    onMutate: begin,
    onSuccess: (answer) => did("passed", answer.pass_id),
    onError: (why) => {
      const id = unknownPass(why);
      if (id !== null) {
        wonder(id);
        last(Date.now() + UNDO_S * 1000);
      }
      failed(why);
    },
  });
  const record = useMutation({
    mutationFn: ({ node, lane, word }: Given) => recordPass(node, lane, word),
    retry: false,
    onMutate: begin,
    onSuccess: (pass) => did("recorded", pass.id),
    onError: failed,
  });
  const back = useMutation({
    mutationFn: undoPass,
    retry: false,
    onMutate: begin,
    onSuccess: (_, id) => {
      name(id);
      wonder(null);
      turn("undone");
      last(Date.now() + UNDO_S * 1000);
    },
    onError: failed,
  });
  const undoable = state === "passed" || state === "recorded" ? passId : state === "failed" ? unknown : null;
  return {
    given,
    state,
    error,
    until,
    say: (next: Given): void => {
      give(next);
      name(null);
      wonder(null);
      send.mutate(next);
    },
    /** The same press once more, where nobody knows whether it came. */
    again: given !== null && passId === null && isSamePress(error) ? () => send.mutate(given) : null,
    record: given !== null && passId === null && canRecord(error) ? () => record.mutate(given) : null,
    undo: undoable === null ? null : () => back.mutate(undoable),
  };
}

export type Hands = ReturnType<typeof useHands>;
