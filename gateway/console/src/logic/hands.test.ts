// Who is offered to be let pass, and what is sent of it.
import { describe, expect, it } from "vitest";
import { Refused, Unreachable } from "../api/errors";
import type { Person } from "../api/types";
import type { Visit } from "../api/visits";
import { canRecord, foundVisits, NOBODY, passWord, unknownPass, waiting } from "./hands";
import type { ShownLane } from "./lanes";

const NOW = Date.parse("2026-03-02T00:01:00.000Z");
const ann: Person = { id: "ann", name: "Ann", group: "1A", picture: null };

function lane(changes: Record<string, unknown> = {}, id = "main"): ShownLane {
  const decision = {
    transaction: `t-${id}`, time: "2026-03-02T00:00:30.000Z", verdict: "refuse", reason: "withdrawn_card", person: ann,
    candidate: false, plate: null, plate_colour: null, by_hand: false, evidence: [], ...changes,
  };
  return { id: `gate-1/${id}`, node: "gate-1", lane: id, known: { decision }, devices: [] } as unknown as ShownLane;
}

describe("waiting", () => {
  it("offers whoever was refused a moment ago, by name where the name is theirs", () => {
    expect(waiting([lane()], NOW, new Set())).toMatchObject([{ person: ann, transaction: "t-main" }]);
    expect(waiting([lane({ person: null })], NOW, new Set())).toMatchObject([{ person: null }]);
  });
  it("names nobody whose card is in another's hand, or who is looked for", () => {
    expect(waiting([lane({ reason: "face_differs" })], NOW, new Set())[0]?.person).toBeNull();
    expect(waiting([lane({ candidate: true })], NOW, new Set())[0]?.person).toBeNull();
  });
  it("offers nobody who was let in, has gone, was answered, or was kept out by a person's order", () => {
    const gone = lane({ time: "2026-03-01T23:59:00.000Z" });
    const shown = [lane({ verdict: "open" }), gone, lane({ by_hand: true }), lane({}, "side")];
    expect(waiting(shown, NOW, new Set(["t-side"]))).toEqual([]);
  });
  it("has the latest first", () => {
    const later = lane({ time: "2026-03-02T00:00:40.000Z" }, "side");
    expect(waiting([lane(), later], NOW, new Set()).map((one) => one.lane.lane)).toEqual(["side", "main"]);
  });
});

describe("passWord", () => {
  it("names somebody enrolled or expected, and puts a typed name into the reason", () => {
    expect(passWord("p", { ...NOBODY, person: ann, typed: "an" }, "in", "Visitor")).toEqual({
      id: "p", direction: "in", why: "Visitor", opens: true, person_id: "ann",
    });
    expect(passWord("p", { ...NOBODY, visit: { id: "7", name: "Li" } }, "in", "Visitor")).toMatchObject({ visit_id: "7", why: "Visitor" });
    expect(passWord("p", { ...NOBODY, typed: " Mr Li " }, "out", "Visitor")).toEqual({
      id: "p", direction: "out", why: "Visitor: Mr Li", opens: true,
    });
  });
});

it("records by hand only what the gateway heard and the node did not do", () => {
  expect(canRecord(new Refused(503, "node_offline", ""))).toBe(true);
  expect(canRecord(new Refused(504, "no_answer", ""))).toBe(true);
  expect(canRecord(new Refused(404, "not_found", ""))).toBe(false);
  expect(canRecord(new Unreachable(null))).toBe(false);
});

it("finds expected visitors by name, and nobody who is in already", () => {
  const visits = [{ id: "1", name: "李明", state: "announced" }, { id: "2", name: "李红", state: "inside" }] as unknown as Visit[];
  expect(foundVisits(visits, "李").map((visit) => visit.id)).toEqual(["1"]);
  expect(foundVisits(visits, " ")).toEqual([]);
});

it("undoes what nobody knows of by what the problem says, and nothing that was not done", () => {
  expect(unknownPass(new Refused(504, "no_answer", "", { pass_id: "ab" }))).toBe("ab");
  expect(unknownPass(new Refused(409, "node_refused", ""))).toBeNull();
  expect(unknownPass(new Unreachable(null))).toBeNull();
});
