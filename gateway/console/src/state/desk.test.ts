import { expect, test } from "vitest";
import { useDesk } from "./desk";

test("an earlier step's end leaves a later one of the same alert under way, also to the same state", () => {
  const { begin, finish } = useDesk.getState();
  const shown = (): string | undefined => useDesk.getState().pending["7"]?.to;
  const turns = (["acknowledged", "raised", "acknowledged"] as const).map((to) => begin("7", to));
  for (const turn of turns.slice(0, 2)) {
    finish("7", turn);
    expect(shown()).toBe("acknowledged");
  }
  finish("8", turns[2] ?? 0);
  expect(shown()).toBe("acknowledged");
  finish("7", turns[2] ?? 0);
  expect(shown()).toBeUndefined();
});
