import { expect, test } from "vitest";
import type { Actuated, DeviceStatus, Lane, LaneDecision, NodeStatus } from "../api/types";
import { ailing, justRefused, laneState, mergeLanes, shownLanes, standingOf, whoseOf, type LaneState, type ShownLane } from "./lanes";

const AT = "2026-03-02T08:00:00.000Z";
const NOW = Date.parse(AT) + 1_000;

const decision = (more: Partial<LaneDecision> = {}): LaneDecision => ({
  transaction: "t1",
  time: AT,
  verdict: "open",
  reason: "card",
  person: { id: "p", name: "Ann", group: "", picture: null },
  candidate: false,
  plate: null,
  plate_colour: null,
  by_hand: false,
  evidence: [],
  ...more,
});
const acted = (more: Partial<Actuated> = {}): Actuated => ({
  transaction: "t1",
  time: AT,
  action: "pulse",
  result: "done",
  detail: "",
  ...more,
});
const lane = (more: Partial<Lane> = {}): Lane => ({
  id: "gate-1/main",
  node: "gate-1",
  lane: "main",
  standing: "normal",
  until: null,
  by: "",
  why: "",
  decision: decision(),
  actuated: acted(),
  day: "2026-03-02",
  cards: 1,
  opened: 1,
  refused: 0,
  ...more,
});
const barrier: DeviceStatus = {
  id: "boom",
  kind: "barrier",
  lane: "main",
  driver: "virtual",
  state: "ok",
  cause: "",
  detail: "",
  last_s: null,
  reads: 0,
  errors: 0,
};
const node = (...devices: DeviceStatus[]): NodeStatus => ({
  id: "gate-1",
  state: "online",
  last_seen: AT,
  outbox: 0,
  cameras: [],
  devices,
  roster_version: 1,
  store_holes: 0,
});
/** The one lane that there is. */
function only(known: readonly Lane[], ...nodes: NodeStatus[]): ShownLane {
  const [shown, ...rest] = shownLanes(known, nodes);
  if (shown === undefined || rest.length > 0) throw new Error("not one lane");
  return shown;
}
const stateOf = (known: Lane, now = NOW, device = barrier): LaneState =>
  laneState(only([known], node(device)), now, true);

test("a lane opens, is open for a moment, and is closed again", () => {
  expect(stateOf(lane({ actuated: null }))).toBe("opening");
  expect(stateOf(lane({ actuated: null }), NOW + 60_000)).toBe("closed");
  expect(stateOf(lane())).toBe("open");
  expect(stateOf(lane(), NOW + 60_000)).toBe("closed");
  expect(stateOf(lane({ decision: decision({ transaction: "t2", verdict: "refuse", reason: "unknown_card" }) }))).toBe("closed");
});

test("a barrier that did not move is said until another order was carried out", () => {
  expect(stateOf(lane({ actuated: acted({ result: "failed" }) }), NOW + 60_000)).toBe("failed");
  expect(stateOf(lane({ actuated: acted({ result: "unknown" }) }))).toBe("unsure");
  expect(stateOf(lane({ actuated: acted({ transaction: "t0", result: "failed" }) }))).toBe("opening");
});

test.each(["locked", "held_open", "released"] as const)("%s stands until the lane is normal again", (standing) => {
  expect(stateOf(lane({ standing }), NOW + 3_600_000)).toBe(standing);
});

test("nothing is said of a lane that cannot be heard", () => {
  expect(laneState(only([lane()]), NOW, false)).toBe("unknown");
  expect(stateOf(lane(), NOW, { ...barrier, state: "offline" })).toBe("unknown");
});

test("a lane is there as soon as it has a device, and once however often it is told", () => {
  const shown = only([], node(barrier), { ...node(), id: "gate-2" });
  expect([shown.id, shown.known]).toEqual(["gate-1/main", null]);
  expect(laneState(shown, NOW, true)).toBe("closed");
  expect(mergeLanes(mergeLanes([], lane()), lane({ opened: 2 })).map((each) => each.opened)).toEqual([2]);
  const { devices: _unsaid, ...old } = node();
  expect(only([lane()], old).id).toBe("gate-1/main");
});

test("a card in another's hand and a car name their owners as owners and nobody else", () => {
  expect(whoseOf(decision())).toBe("person");
  expect(whoseOf(decision({ reason: "face_differs" }))).toBe("card_of");
  const card = { kind: "card", camera: "reader", at: AT, picture: null, box: null, score: null, margin: null, synthetic: false };
  expect(whoseOf(decision({ evidence: [card] }))).toBe("card_of");
  expect(whoseOf(decision({ evidence: [card], reason: "confirmed" }))).toBe("person");
  expect(whoseOf(decision({ candidate: true }))).toBe("candidate");
  expect(whoseOf(decision({ plate: "京A12345" }))).toBe("car_of");
  expect(whoseOf(decision({ person: null, plate: "京A12345" }))).toBe("plate");
  expect(whoseOf(decision({ person: null }))).toBe("nobody");
  expect(whoseOf(decision({ by_hand: true, person: null }))).toBe("by_hand");
});

test("a refusal stands out for a moment, an order of the guard's own does not", () => {
  const refused = lane({ decision: decision({ verdict: "refuse" }) });
  const shown = only([refused]);
  expect([justRefused(shown, NOW), justRefused(shown, NOW + 60_000)]).toEqual([true, false]);
  const locked = lane({ decision: decision({ verdict: "refuse", by_hand: true }) });
  expect(justRefused(only([locked]), NOW)).toBe(false);
});

test("a device that works but was opened is one to see to", () => {
  expect(ailing([barrier, { ...barrier, cause: "tamper" }, { ...barrier, state: "down" }])).toHaveLength(2);
});

test("until when a lane is locked, and by whom, is said while it is", () => {
  const order = { until: AT, by: "li", why: "a dog" };
  expect(standingOf(only([lane({ standing: "locked", ...order })]))).toEqual(order);
  expect(standingOf(only([lane(order)]))).toBeNull();
});
