import { expect, test } from "vitest";
import { EventParser } from "./sse";

const TEXT = ': beat\n\nid: 7\nevent: alert\ndata: {"a":\ndata: 1}\n\nevent: reset\n\n';

test("events are complete however the line cuts them", () => {
  for (let size = 1; size <= TEXT.length; size += 1) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < TEXT.length; at += size) events.push(...parser.feed(TEXT.slice(at, at + size)));
    expect(events).toEqual([
      { id: "7", event: "alert", data: '{"a":\n1}' },
      { id: null, event: "reset", data: "" },
    ]);
  }
});

test("both ways of ending a line are understood", () => {
  expect(new EventParser().feed("id: 1\r\nevent: node\r\ndata: {}\r\n\r\n")).toEqual([
    { id: "1", event: "node", data: "{}" },
  ]);
});

test("a comment alone is no event", () => {
  expect(new EventParser().feed(": beat\n\n: beat\n\n")).toEqual([]);
});
