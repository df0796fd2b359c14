import { expect, test } from "vitest";
import type { DayStep, Drawing, Point } from "../../api/sitePlan";
import { makeAlert } from "../../testing/make";
import { faultsOf } from "./check";
import { addArea, addSpot, BLANK, findPart, freshId, moveCorner, movePart, partsOf, patch, removeCorner, removePart, resize, splitEdge } from "./edit";
import { distance } from "./geometry";
import { dice } from "../../testing/dice";
import { begin, type History, MOST_STEPS, redo, rest, step, undo } from "./history";
import { raisedAt } from "./standing";
import { COMING_MS, momentOf, trail, wayOf } from "./way";

const HALL: Point[] = [[100, 100], [400, 100], [400, 300], [100, 300]];

function yard(): Drawing {
  const drawn = addSpot(addArea(BLANK, "building", "Hall", HALL), "gate", "Front", [600, 700]);
  const linked = patch(drawn, "gate-1", (part) => ({ ...part, node: "gate-1", lane: "main" }));
  return patch(addSpot(linked, "camera", "Eye", [650, 700]), "camera-1", (part) => ({ ...part, node: "gate-1", camera: "cam-1" }));
}

// Drawing --------------------------------------------------------------------------------------------------------

test("what is added is whole, with a name and an id of its own, and a zone knows its building", () => {
  const drawing = addArea(addSpot(yard(), "gate", "Back", [5, 5]), "zone", "Lobby", [[150, 150], [200, 150], [200, 200]]);
  expect(partsOf(drawing).map(({ part }) => part.id)).toEqual(["building-1", "zone-1", "gate-1", "gate-2", "camera-1"]);
  expect(drawing.zones[0]?.building).toBe("building-1");
  expect(faultsOf(drawing)).toEqual([]);
  expect(freshId(removePart(drawing, "gate-1"), "gate")).toBe("gate-1");
});

test("nothing leaves the sheet, however far it is dragged", () => {
  const roll = dice(5);
  let drawing = yard();
  for (let round = 0; round < 200; round++) {
    const { part } = partsOf(drawing)[Math.floor(roll(0, 3))] ?? {};
    if (part === undefined) throw new Error("no part");
    drawing = movePart(drawing, part.id, roll(-2000, 2000), roll(-2000, 2000));
    drawing = moveCorner(drawing, "building-1", Math.floor(roll(0, 4)), [roll(-99, 2000), roll(-99, 2000)]);
    expect(faultsOf(drawing).filter(({ code }) => code === "beside")).toEqual([]);
  }
});

test("an area that is moved keeps its shape, also at the edge", () => {
  const moved = movePart(yard(), "building-1", -500, 5000).buildings[0]?.outline;
  expect(moved).toEqual([[0, 600], [300, 600], [300, 800], [0, 800]]);
});

test("corners come and go, but three are left", () => {
  let drawing = splitEdge(yard(), "building-1", 3);
  expect(drawing.buildings[0]?.outline[4]).toEqual([100, 200]);
  for (let round = 0; round < 5; round++) drawing = removeCorner(drawing, "building-1", 0);
  expect(drawing.buildings[0]?.outline).toHaveLength(3);
});

test("what was in a building that is removed lies in the open", () => {
  const within = patch(addArea(yard(), "zone", "Lobby", [[150, 150], [200, 150], [200, 200]]), "zone-1", (part) => ({ ...part, floor: 1 }));
  const left = removePart(within, "building-1");
  expect(left.zones[0]).toMatchObject({ building: null, floor: 1 });
  expect(findPart(left, "building-1")).toBeNull();
});

test("on another picture everything keeps its place on it", () => {
  const larger = resize(yard(), { picture: "a", width: 2400, height: 400, metres_wide: 120 });
  expect(larger.gates[0]?.at).toEqual([1200, 350]);
  expect(resize(larger, BLANK.sheet)).toEqual(yard());
});

test.each<[string, (drawing: Drawing) => Drawing, string, string]>([
  ["crossed", (drawing) => moveCorner(drawing, "building-1", 2, [50, 150]), "building-1", "crossed"],
  ["nameless", (drawing) => patch(drawing, "gate-1", (part) => ({ ...part, name: " " })), "gate-1", "name"],
  ["beside", (drawing) => patch(drawing, "gate-1", (part) => ({ ...part, at: [5000, 1] })), "gate-1", "beside"],
  ["on no floor", (drawing) => patch(addArea(drawing, "zone", "Z", HALL), "zone-1", (part) => ({ ...part, floor: 2 })), "zone-1", "floor"],
  ["in no building", (drawing) => patch(addArea(drawing, "zone", "Z", HALL), "zone-1", (part) => ({ ...part, building: "x" })), "zone-1", "building"],
  ["twice", (drawing) => patch(addSpot(drawing, "gate", "G", [1, 1]), "gate-2", (part) => ({ ...part, node: "gate-1", lane: "main" })), "gate-2", "lane_twice"],
  ["seen twice", (drawing) => patch(addSpot(drawing, "camera", "C", [1, 1]), "camera-2", (part) => ({ ...part, node: "gate-1", camera: "cam-1" })), "camera-2", "camera_twice"],
])("what is %s is told at its part", (_name, change, id, code) => {
  expect(faultsOf(change(yard()))).toContainEqual({ id, code });
});

// History --------------------------------------------------------------------------------------------------------

test("every step is undone and done again, and a drag is one step", () => {
  let history: History<number> = begin(0);
  for (const [value, gesture] of [[1, null], [2, "drag"], [3, "drag"], [4, "drag"]] as const) history = step(history, value, gesture);
  history = step(rest(history), 5, "drag");
  expect(undo(history).now).toBe(4);
  expect(undo(undo(history)).now).toBe(1);
  expect(redo(undo(history)).now).toBe(5);
  expect(undo(undo(undo(undo(history)))).now).toBe(0);
  expect(step(undo(history), 9).future).toEqual([]);
});

test("as many undos as steps lead back to the beginning, as far as steps are kept", () => {
  let history = begin(0);
  for (let value = 1; value <= MOST_STEPS + 20; value++) history = step(history, value);
  for (let round = 0; round < MOST_STEPS; round++) history = undo(history);
  expect(history.now).toBe(20);
  expect(undo(history)).toBe(history);
});

// What stands where ----------------------------------------------------------------------------------------------

test("an alert stands at its camera, else at its lane, else at anything of its node, else nowhere", () => {
  const alerts = [
    makeAlert({ id: "1", node: "gate-1", camera: "cam-1", lane: "main" }),
    makeAlert({ id: "2", node: "gate-1", camera: "cam-9", lane: "main" }),
    makeAlert({ id: "3", node: "gate-1", camera: "cam-9", lane: null }),
    makeAlert({ id: "4", node: "gate-9", camera: "cam-1", lane: "main" }),
  ];
  const { places, elsewhere } = raisedAt(yard(), alerts);
  const found = new Map(places.flatMap(({ spot, alerts: there }) => there.map((alert) => [alert.id, spot.part.id] as const)));
  expect([found.get("1"), found.get("2"), found.get("3")]).toEqual(["camera-1", "gate-1", "gate-1"]);
  expect(elsewhere.map(({ id }) => id)).toEqual(["4"]);
});

test("a place shows its gravest alert, and whether somebody is still to look", () => {
  const at = { node: "gate-1", camera: "cam-1", lane: null };
  const { places } = raisedAt(yard(), [
    makeAlert({ ...at, id: "1", severity: "minor", state: "raised" }),
    makeAlert({ ...at, id: "2", severity: "critical", state: "acknowledged" }),
  ]);
  expect(places).toHaveLength(1);
  expect(places[0]).toMatchObject({ severity: "critical", waiting: true });
});

// A way through the day ------------------------------------------------------------------------------------------

const MORNING = Date.parse("2026-11-23T00:00:00Z");
const stepAt = (minutes: number, lane: string | null, camera = "x", node = "gate-1"): DayStep => ({
  passage_id: `${minutes}`,
  time: new Date(MORNING + minutes * 60_000).toISOString(),
  node,
  camera,
  lane,
  zone: null,
  movement: "arrival",
});

test("a way leads over the gates that are drawn, in their order, and says how many are not", () => {
  const { stops, unplaced } = wayOf(yard(), [stepAt(60, null, "cam-1"), stepAt(0, "main"), stepAt(30, "main", "x", "gate-9")]);
  expect(stops.map(({ spot }) => spot.part.id)).toEqual(["gate-1", "camera-1"]);
  expect(unplaced).toBe(1);
});

test("in between they stay where they were seen, until the next gate is near in time", () => {
  const { stops } = wayOf(yard(), [stepAt(0, "main"), stepAt(60, null, "cam-1")]);
  const [first, last] = [stops[0]?.time ?? 0, stops[1]?.time ?? 0];
  expect(momentOf(stops, first - 1)).toBeNull();
  expect(momentOf(stops, first)?.at).toEqual([600, 700]);
  expect(momentOf(stops, last - COMING_MS - 1)?.at).toEqual([600, 700]);
  expect(momentOf(stops, last - COMING_MS / 2)?.at).toEqual([625, 700]);
  expect(momentOf(stops, last)?.at).toEqual([650, 700]);
  expect(momentOf(stops, last + 9e9)?.at).toEqual([650, 700]);
});

test("a way never jumps, never goes back, and its trail ends where they are", () => {
  const roll = dice(31);
  const steps = Array.from({ length: 12 }, (_, index) => stepAt(index * roll(1, 3), roll(0, 1) > 0.5 ? "main" : null, "cam-1"));
  const { stops } = wayOf(yard(), steps);
  let before = momentOf(stops, stops[0]?.time ?? 0);
  for (let time = stops[0]?.time ?? 0; time <= (stops.at(-1)?.time ?? 0); time += 1000) {
    const now = momentOf(stops, time);
    if (now === null || before === null) throw new Error("gone");
    expect(now.stop + now.share).toBeGreaterThanOrEqual(before.stop + before.share - 1e-9);
    expect(now.stop - before.stop > 1 || distance(now.at, before.at) <= 50).toBe(true);
    expect(trail(stops, time).at(-1)).toEqual(now.at);
    before = now;
  }
});
