// A drawing while it is drawn: its steps, what is chosen, and which version it was begun upon.
import { useState } from "react";
import type { Drawing, Point, SeenPlan } from "../../../api/sitePlan";
import { addArea, addSpot, BLANK, findPart, freshId, type Kind } from "../../../logic/plan/edit";
import { begin, type History, redo, rest, step, undo } from "../../../logic/plan/history";

export type Tool = "select" | Kind;

export interface Desk {
  drawing: Drawing;
  tool: Tool;
  chosen: string | null;
  /** The corners of an outline that is not finished yet. */
  draft: readonly Point[];
  changed: boolean;
  canUndo: boolean;
  canRedo: boolean;
  take(tool: Tool): void;
  choose(id: string | null): void;
  /** `gesture`: what many small changes are one step of. */
  change(next: Drawing, gesture?: string): void;
  rest(): void;
  undo(): void;
  redo(): void;
  /** A corner of the outline, or the gate or camera itself. */
  place(point: Point, name: (kind: Kind) => string): void;
  finish(name: (kind: Kind) => string): void;
  drop(): void;
}

export function useDrawing(plan: SeenPlan): Desk {
  const [first] = useState<Drawing>(() => plan.drawing ?? BLANK);
  const [history, setHistory] = useState<History<Drawing>>(() => begin(first));
  const [tool, setTool] = useState<Tool>("select");
  const [chosen, choose] = useState<string | null>(null);
  const [draft, setDraft] = useState<readonly Point[]>([]);
  const drawing = history.now;
  const change = (next: Drawing, gesture?: string): void => setHistory((before) => step(before, next, gesture ?? null));
  const take = (next: Tool): void => {
    setTool(next);
    setDraft([]);
  };
  const add = (kind: Kind, next: Drawing): void => {
    change(next);
    choose(freshId(drawing, kind));
    take("select");
  };
  return {
    drawing,
    tool,
    chosen: findPart(drawing, chosen) === null ? null : chosen,
    draft,
    changed: drawing !== first,
    canUndo: draft.length > 0 || history.past.length > 0,
    canRedo: history.future.length > 0,
    take,
    choose,
    change,
    rest: () => setHistory(rest),
    // A corner too many is the first thing that is taken back.
    undo: () => (draft.length > 0 ? setDraft(draft.slice(0, -1)) : setHistory(undo)),
    redo: () => setHistory(redo),
    place: (point, name) => {
      if (tool === "gate" || tool === "camera") add(tool, addSpot(drawing, tool, name(tool), point));
      else if (tool !== "select") setDraft([...draft, point]);
    },
    finish: (name) => {
      if ((tool === "building" || tool === "zone") && draft.length >= 3) add(tool, addArea(drawing, tool, name(tool), draft));
    },
    drop: () => setDraft([]),
  };
}
