import { expect, test } from "vitest";
import { makeNode } from "../testing/make";
import { inStrip, MOST, type Seen, seenNode } from "./strip";

const nodes = (count: number, health: Seen["health"], name = "n"): Seen[] =>
  Array.from({ length: count }, (_, number) => ({ id: `${name}-${number}`, health, cameras: [] }));

test("a school sees every node, whatever it is", () => {
  const all = [...nodes(MOST - 1, "online"), ...nodes(1, "offline", "off")];
  expect(inStrip(all)).toEqual({ shown: all, well: 0, more: 0 });
});

test("of a district's nodes those are shown that are not well, as many as fit, and the others are counted", () => {
  const blind: Seen = { id: "b", health: "online", cameras: [{ id: "c", health: "blind" }] };
  expect(inStrip([...nodes(900, "online"), blind])).toEqual({ shown: [blind], well: 900, more: 0 });
  const many = inStrip([...nodes(900, "online"), ...nodes(MOST + 5, "offline", "off")]);
  expect([many.shown.length, many.well, many.more]).toEqual([MOST, 900, 5]);
});

test("a node that is silent takes its cameras along", () => {
  const node = makeNode({ last_seen: "2026-01-01T00:00:00.000Z" });
  const moment = { now: Date.parse("2026-01-01T00:01:00.000Z"), connected: true, patience: 60, sinceFetch: 0 };
  const seen = seenNode(node, moment);
  expect([seen.health, ...seen.cameras.map((camera) => camera.health)]).toEqual(
    Array.from({ length: 1 + node.cameras.length }, () => "offline"),
  );
});
