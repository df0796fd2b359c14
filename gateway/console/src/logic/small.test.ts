import { expect, test } from "vitest";
import { boundsOf, narrow, ServerClock } from "../api/clock";
import { withQuery } from "../api/client";
import type { Machine } from "../api/types";
import { makeNode } from "../testing/make";
import { ageOf, ageSeconds } from "./age";
import { clockIsLoose, clockIsOff, clockText } from "./clock";
import { cameraHealth, mergeNodes, nodeHealth } from "./health";
import { commandOf } from "./keys";
import { plateColour, plateParts } from "./plate";
import { parseRoute, routeTo } from "./route";
import { toggled } from "./toggled";
import { forget, prune, remember, secondsLeft, stillUndoable } from "./undo";

const START = Date.parse("2026-01-01T00:00:00.000Z");

test("an acknowledgement can be undone for ten seconds and not longer", () => {
  const entries = remember([], "a", START);
  expect(entries.every((entry) => stillUndoable(entry, START + 9_999))).toBe(true);
  expect(prune(entries, START + 10_000)).toEqual([]);
  expect(secondsLeft({ alertId: "a", at: START }, START + 9_500)).toBe(1);
  expect(secondsLeft({ alertId: "a", at: START }, START - 900)).toBe(10);
});

test("the last one acknowledged is the first one undone, each once", () => {
  const entries = remember(remember(remember([], "a", START), "b", START + 1), "a", START + 2);
  expect(entries.map((entry) => entry.alertId)).toEqual(["b", "a"]);
  expect(forget(entries, "a").map((entry) => entry.alertId)).toEqual(["b"]);
});

test("ages are said in the unit a person would use, and a clock that is behind never gives a negative one", () => {
  expect(ageOf(1)).toEqual({ unit: "now", count: 0 });
  expect(ageOf(59.9)).toEqual({ unit: "seconds", count: 59 });
  expect(ageOf(61)).toEqual({ unit: "minutes", count: 1 });
  expect(ageOf(3 * 3600)).toEqual({ unit: "hours", count: 3 });
  expect(ageOf(72 * 3600)).toEqual({ unit: "days", count: 3 });
  expect(ageSeconds("2026-01-01T00:00:05.000Z", START)).toBe(0);
});

test("a node that has gone quiet is offline within 15 s whatever it last said of itself", () => {
  const node = makeNode();
  expect(nodeHealth(node, START + 5_000, true, 30)).toBe("online");
  expect(nodeHealth(node, START + 15_000, true, 30)).toBe("offline");
  expect(nodeHealth(node, START + 5_000, true, 3)).toBe("offline");
  expect(nodeHealth(makeNode({ last_seen: null }), START, true, 30)).toBe("offline");
  expect(nodeHealth(makeNode({ state: "blind" }), START, true, 30)).toBe("blind");
});

test("nothing is claimed about nodes while the gateway cannot be heard", () => {
  expect(nodeHealth(makeNode(), START, false, 30)).toBe("unknown");
});

test("a camera is believed by the age of its last frame", () => {
  const camera = { id: "east", state: "online", last_frame_age_s: 1 } as const;
  expect(cameraHealth(camera, "online", 1)).toBe("online");
  expect(cameraHealth(camera, "online", 14)).toBe("blind");
  expect(cameraHealth({ ...camera, state: "blind" }, "online", 0)).toBe("blind");
  expect(cameraHealth(camera, "offline", 0)).toBe("offline");
  expect(cameraHealth({ ...camera, state: "starting" }, "online", 60)).toBe("starting");
});

test("a node that reports replaces what was known of it, a new one joins", () => {
  const nodes = mergeNodes([makeNode({ id: "b" })], makeNode({ id: "a" }));
  expect(nodes.map((node) => node.id)).toEqual(["a", "b"]);
  expect(mergeNodes(nodes, makeNode({ id: "b", outbox: 7 }))[1]?.outbox).toBe(7);
});

test("plates are set as they are painted; a text that is none is left whole", () => {
  expect(plateParts("京A12345")).toEqual({ head: "京A", tail: "12345", mark: "" });
  expect(plateParts("京A1234警")).toEqual({ head: "京A", tail: "1234", mark: "警" });
  expect(plateParts("粤AD12345")).toEqual({ head: "粤A", tail: "D12345", mark: "" });
  expect(plateParts("WJ31B1234")).toEqual({ head: "", tail: "WJ31B1234", mark: "" });
  expect(plateParts("")).toEqual({ head: "", tail: "", mark: "" });
  expect(plateColour("pink")).toBe("unknown");
  expect(plateColour(null)).toBe("unknown");
});

test("addresses lead where they say, and one that names no page is said to", () => {
  expect(parseRoute("#/alerts/a%2Fb")).toEqual({ page: "alerts", id: "a/b", query: {} });
  expect(parseRoute(routeTo("alerts", "a/b")).id).toBe("a/b");
  expect(parseRoute("#/login?ticket=x-1").query).toEqual({ ticket: "x-1" });
  expect(parseRoute("#/nonsense").page).toBe("nowhere");
  expect(parseRoute("#/setup").page).toBe("login");
  expect(parseRoute("").page).toBe("watch");
  expect(parseRoute("#/alerts/%E0%A4%A").id).toBe("%E0%A4%A");
});

test("keys act once, alone, and only walking repeats", () => {
  const press = { key: "a", ctrlKey: false, metaKey: false, altKey: false, repeat: false };
  expect(commandOf(press)).toBe("acknowledge");
  expect(commandOf({ ...press, key: "A" })).toBe("acknowledge");
  expect(commandOf({ ...press, ctrlKey: true })).toBeNull();
  expect(commandOf({ ...press, repeat: true })).toBeNull();
  expect(commandOf({ ...press, key: "j", repeat: true })).toBe("next");
  expect(commandOf({ ...press, key: "x" })).toBeNull();
});

test("empty filters are not asked for", () => {
  expect(withQuery("/x", { a: "", b: null, c: 1, d: "京" })).toBe("/x?c=1&d=%E4%BA%AC");
  expect(withQuery("/x", { a: "" })).toBe("/x");
});

test("the gateway's clock is learnt from its answers, closer with each, and anew when it was set", () => {
  const header = "Thu, 01 Jan 2026 00:00:10 GMT";
  expect(boundsOf(header, START, START + 40)).toEqual({ least: 9_960, most: 11_000 });
  expect(boundsOf(null, START, START)).toBeNull();
  expect(boundsOf("soon", START, START)).toBeNull();
  const known = { least: 9_960, most: 11_000 };
  expect(narrow(known, { least: 10_500, most: 11_500 })).toEqual({ least: 10_500, most: 11_000 });
  expect(narrow(known, { least: 90_000, most: 91_000 })).toEqual({ least: 90_000, most: 91_000 });
});

test("a computer whose clock is an hour wrong still tells the gateway's time", () => {
  const clock = new ServerClock();
  const ahead = Math.floor(Date.now() / 1_000) * 1_000 + 3_600_000;
  clock.observe(new Date(ahead).toUTCString(), Date.now(), Date.now());
  expect(Math.abs(clock.now() - Date.now() - 3_600_000)).toBeLessThan(1_000);
});

test("a clock that is off by more than a second is said, and a node that tells nothing of its clock is not accused", () => {
  const said = ((key: string, { seconds }: { seconds?: number } = {}) => [key, seconds].join(" ").trim()) as never;
  const texts = [undefined, null, 0, -1, 1.1, -2].map((clock_ahead_s) => {
    const node = makeNode(clock_ahead_s === undefined ? {} : { clock_ahead_s });
    return `${clockText(said, node)}${clockIsOff(node) ? "!" : ""}`;
  });
  expect(texts).toEqual([
    "nodes.clock_unknown",
    "nodes.clock_unknown",
    "nodes.clock_right",
    "nodes.clock_right",
    "nodes.clock_ahead 1.1!",
    "nodes.clock_behind 2!",
  ]);
});

test("that a clock agrees now, and that nobody vouches for it, is one statement", () => {
  const said = ((key: string, values: Record<string, string> = {}) => [key, ...Object.values(values)].join(" ")) as never;
  const node = (clock: Machine["clock"]) => makeNode({ clock_ahead_s: 0.1, machine: { clock } as Machine });
  expect((["", "trusted", "stepped", "unsynced"] as const).map((clock) => [clockText(said, node(clock)), clockIsLoose(node(clock))])).toEqual([
    ["nodes.clock_right", false],
    ["nodes.clock_both nodes.clock_right nodes.clock_trusted", false],
    ["nodes.clock_both nodes.clock_right nodes.clock_stepped", true],
    ["nodes.clock_both nodes.clock_right nodes.clock_unsynced", true],
  ]);
  expect(clockIsLoose(makeNode())).toBe(false);
});

test("what is chosen is chosen once more or not at all, and the others stay as they were", () => {
  expect(toggled([], "a")).toEqual(["a"]);
  expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  expect(toggled(toggled(["a", "b"], "c"), "c")).toEqual(["a", "b"]);
});
