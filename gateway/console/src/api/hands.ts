// Whom guards let pass with their own hands: by the node, recorded here where no node answers, and taken back.
import { ask } from "./client";
import type { LaneAnswer } from "./types";

export interface PassWord {
  /** The same press, sent again or recorded, counts once. */
  id: string;
  direction: "in" | "out";
  why: string;
  person_id?: string;
  visit_id?: string;
  opens: true;
}

export interface HandPass {
  id: string;
  recorded: boolean;
  undone: boolean;
}

const place = (node: string, lane: string): string =>
  `/api/lanes/${encodeURIComponent(node)}/${encodeURIComponent(lane)}`;

export const letIn = (node: string, lane: string, word: PassWord): Promise<LaneAnswer & { pass_id: string }> =>
  ask("POST", `${place(node, lane)}/pass`, word);

export const recordPass = (node: string, lane: string, word: PassWord): Promise<HandPass> =>
  ask("POST", `${place(node, lane)}/passed`, word);

export const undoPass = (id: string): Promise<HandPass> =>
  ask("POST", `/api/lanes/passes/${encodeURIComponent(id)}/undo`, {});
