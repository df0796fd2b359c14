import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NO_FILTER } from "../api/passages";
import type { Alert, NodeStatus, Page, Passage } from "../api/types";
import { aroundOf } from "../logic/passages";
import { makeAlert, makeNode, makePassage } from "../testing/make";
import { alertBelongs } from "./apply";
import { keys } from "./keys";
import { LiveStore } from "./store";

let client: QueryClient;
let store: LiveStore;

beforeEach(() => {
  vi.useFakeTimers();
  client = new QueryClient();
  store = new LiveStore(client);
});
afterEach(() => {
  client.clear();
  vi.useRealTimers();
});

/** A question whose answer comes when it is told to. */
function slowly<T>(key: readonly unknown[]) {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (answer = resolve));
  return { asked: client.fetchQuery({ queryKey: key, queryFn: () => promise }), answer };
}

test("an event that comes while its list is being fetched is neither lost nor doubled", async () => {
  const { asked, answer } = slowly<Passage[]>(keys.stream());
  store.take({ kind: "passage", value: makePassage({ id: "2", time: "2026-01-01T00:00:02.000Z" }) });
  answer([makePassage({ id: "1", time: "2026-01-01T00:00:01.000Z" })]);
  await asked;
  expect(client.getQueryData<Passage[]>(keys.stream())?.map((item) => item.id)).toEqual(["2", "1"]);
  store.take({ kind: "passage", value: makePassage({ id: "2", time: "2026-01-01T00:00:02.000Z" }) });
  expect(client.getQueryData<Passage[]>(keys.stream())).toHaveLength(2);
});

test("an answer that was under way does not undo what happened meanwhile", async () => {
  const { asked, answer } = slowly<Alert[]>(keys.openAlerts());
  const later = { state: "acknowledged", updated_at: "2026-01-01T00:00:09.000Z" } as const;
  store.take({ kind: "alert", value: makeAlert(later) });
  answer([makeAlert()]);
  await asked;
  expect(client.getQueryData<Alert[]>(keys.openAlerts())?.[0]?.state).toBe("acknowledged");
});

test("an event changes every list that shows its subject", () => {
  const page: Page<Alert> = { items: [makeAlert()], next: null };
  client.setQueryData(keys.openAlerts(), [makeAlert()]);
  client.setQueryData(keys.alert("1"), makeAlert());
  client.setQueryData(keys.alerts("raised"), { pages: [page], pageParams: [null] });
  client.setQueryData(keys.alerts("closed"), { pages: [{ items: [], next: null }], pageParams: [null] });
  store.take({ kind: "alert", value: makeAlert({ state: "resolved", updated_at: "2026-01-01T00:00:09.000Z" }) });
  expect(client.getQueryData(keys.openAlerts())).toEqual([]);
  expect(client.getQueryData<Alert>(keys.alert("1"))?.state).toBe("resolved");
  expect(client.getQueryData(keys.alerts("raised"))).toMatchObject({ pages: [{ items: [] }] });
  expect(client.getQueryData(keys.alerts("closed"))).toMatchObject({ pages: [{ items: [{ id: "1" }] }] });
});

test("a search shows only what it searches for, also of what comes live", () => {
  const key = keys.passages({ ...NO_FILTER, plate_near: "京A" });
  client.setQueryData(key, { pages: [{ items: [], next: null }], pageParams: [null] });
  store.take({ kind: "passage", value: makePassage({ id: "1" }) });
  store.take({ kind: "passage", value: makePassage({ id: "2", plate: "京A12345" }) });
  vi.advanceTimersByTime(100);
  expect(client.getQueryData(key)).toMatchObject({ pages: [{ items: [{ id: "2" }] }] });
});

test("nodes and notices are kept up to date, and nothing is invented for pages that were never opened", () => {
  client.setQueryData(keys.nodes(), [makeNode()]);
  store.take({ kind: "node", value: makeNode({ state: "blind" }) });
  expect(client.getQueryData(keys.nodes())).toMatchObject([{ state: "blind" }]);
  const notice = { id: "1", to: "", channel: "inbox", title: "", body: "", state: "sent", passage_id: null };
  const value = { ...notice, created_at: "", sent_at: null, error: null };
  store.take({ kind: "notice", value });
  vi.advanceTimersByTime(100);
  expect(client.getQueryData(keys.notices())).toBeUndefined();
  client.setQueryData(keys.notices(), { pages: [{ items: [{ ...value, state: "queued" }], next: null }], pageParams: [null] });
  store.take({ kind: "notice", value });
  store.take({ kind: "notice", value: { ...value, id: "2" } });
  vi.advanceTimersByTime(100);
  expect(client.getQueryData(keys.notices())).toMatchObject({
    pages: [{ items: [{ id: "2" }, { id: "1", state: "sent" }] }],
  });
});

test("in a rush what comes together is shown together, and an alert at once with all that was said before it", () => {
  client.setQueryData(keys.nodes(), [makeNode()]);
  client.setQueryData(keys.openAlerts(), []);
  const shown = (): unknown => client.getQueryData<NodeStatus[]>(keys.nodes())?.[0]?.outbox;
  for (const outbox of [3, 2]) store.take({ kind: "node", value: makeNode({ outbox }) });
  expect(shown()).toBe(3);
  vi.advanceTimersByTime(100);
  expect(shown()).toBe(2);
  for (const outbox of [1, 0]) store.take({ kind: "node", value: makeNode({ outbox }) });
  store.take({ kind: "alert", value: makeAlert() });
  expect(shown()).toBe(0);
  expect(client.getQueryData(keys.openAlerts())).toHaveLength(1);
});

test("what was said before a question does not undo its answer", async () => {
  client.setQueryData(keys.nodes(), [makeNode()]);
  for (const outbox of [3, 2]) store.take({ kind: "node", value: makeNode({ outbox }) });
  const { asked, answer } = slowly<NodeStatus[]>(keys.nodes());
  answer([makeNode({ outbox: 0 })]);
  await asked;
  vi.advanceTimersByTime(100);
  expect(client.getQueryData(keys.nodes())).toMatchObject([{ outbox: 0 }]);
});

test("a node that says much does not make the others look young, nor keep them from being asked for", () => {
  client.setQueryData(keys.nodes(), [makeNode(), makeNode({ id: "silent" })], { updatedAt: 1_000 });
  store.take({ kind: "node", value: makeNode({ outbox: 1 }) });
  expect(client.getQueryState(keys.nodes())?.dataUpdatedAt).toBe(1_000);
  store.refetchNodes();
  expect(client.getQueryState(keys.nodes())?.isInvalidated).toBe(true);
});

test("filters mean what they say", () => {
  const closed = makeAlert({ state: "false_alarm" });
  expect([alertBelongs(closed, "all"), alertBelongs(closed, "closed"), alertBelongs(closed, "open")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(alertBelongs(makeAlert(), "raised")).toBe(true);
});

test("what passes around the time of a shown alert is added to what happened around it", () => {
  const around = aroundOf("node-1", "2026-01-01T00:00:00.000Z");
  client.setQueryData(keys.around(around), []);
  store.take({ kind: "passage", value: makePassage({ id: "1", time: "2026-01-01T00:01:00.000Z" }) });
  store.take({ kind: "passage", value: makePassage({ id: "2", time: "2026-01-01T00:02:00.000Z" }) });
  expect(client.getQueryData(keys.around(around))).toMatchObject([{ id: "1" }]);
});
