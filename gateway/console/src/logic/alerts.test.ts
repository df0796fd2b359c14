import { expect, test } from "vitest";
import { makeAlert } from "../testing/make";
import {
  assigneeOf,
  cameBack,
  canClose,
  compareForGuard,
  firstOf,
  isOfCard,
  keepSelection,
  lastActor,
  lastRaisedAt,
  loudest,
  mergeOpen,
  moveSelection,
} from "./alerts";

test("what nobody has acknowledged stands on top, the gravest first, then the newest", () => {
  const alerts = [
    makeAlert({ id: "seen", state: "acknowledged", severity: "critical" }),
    makeAlert({ id: "minor", severity: "minor", raised_at: "2026-01-01T09:00:00.000Z" }),
    makeAlert({ id: "old", severity: "major", raised_at: "2026-01-01T07:00:00.000Z" }),
    makeAlert({ id: "new", severity: "major", raised_at: "2026-01-01T08:00:00.000Z" }),
    makeAlert({ id: "grave", severity: "critical", raised_at: "2026-01-01T01:00:00.000Z" }),
  ];
  expect(alerts.toSorted(compareForGuard).map((alert) => alert.id)).toEqual(["grave", "new", "old", "minor", "seen"]);
});

test("an older version of an alert never replaces a newer one", () => {
  const newer = makeAlert({ state: "acknowledged", updated_at: "2026-01-01T00:00:02.000Z" });
  const older = makeAlert({ state: "raised", updated_at: "2026-01-01T00:00:01.000Z" });
  expect(mergeOpen([newer], older)).toEqual([newer]);
  expect(mergeOpen([older], newer)).toEqual([newer]);
});

test("an alert that is closed leaves the open ones, and one that is raised again comes back", () => {
  const closed = makeAlert({ state: "resolved", updated_at: "2026-01-01T00:00:01.000Z" });
  const again = makeAlert({ state: "raised", updated_at: "2026-01-01T00:00:02.000Z" });
  expect(mergeOpen([makeAlert()], closed)).toEqual([]);
  expect(mergeOpen([], again)).toEqual([again]);
});

test("only what nobody has acknowledged sounds, the gravest of it", () => {
  const seen = makeAlert({ state: "acknowledged", severity: "critical" });
  expect(loudest([seen])).toBeNull();
  expect(loudest([seen, makeAlert({ severity: "minor" }), makeAlert({ severity: "major" })])).toBe("major");
});

test("the selection walks within the list and starts at its top", () => {
  const ids = ["a", "b", "c"];
  expect(moveSelection(ids, null, 1)).toBe("a");
  expect(moveSelection(ids, "gone", -1)).toBe("a");
  expect(moveSelection(ids, "a", -1)).toBe("a");
  expect(moveSelection(ids, "b", 1)).toBe("c");
  expect(moveSelection(ids, "c", 1)).toBe("c");
  expect(moveSelection([], null, 1)).toBeNull();
});

test("a graver alert that comes does not slip under the finger that is on its way to the key", () => {
  const looked = makeAlert({ id: "looked" });
  const grave = makeAlert({ id: "grave", severity: "critical" });
  expect(keepSelection([grave, looked], "looked")).toBe("looked");
  expect(keepSelection([grave], "looked")).toBe("grave");
});

test("of very many the first have a place, and the one that somebody looks at", () => {
  const alerts = ["a", "b", "c", "d"].map((id) => makeAlert({ id }));
  const ids = (most: number, selected: string | null) => firstOf(alerts, most, selected).shown.map((alert) => alert.id).join("");
  expect(ids(2, null)).toBe("ab");
  expect(ids(2, "a")).toBe("ab");
  expect(ids(2, "d")).toBe("abd");
  expect(firstOf(alerts, 2, "d").more).toBe(1);
  expect(firstOf(alerts, 9, "d")).toEqual({ shown: alerts, more: 0 });
});

test("who was faster is the one who took the last step", () => {
  const step = { from: "raised", to: "acknowledged", when: "", note: "", assignee: null, picture: null } as const;
  expect(lastActor(makeAlert({ transitions: [{ ...step, who: "li" }, { ...step, who: "wang" }] }))).toBe("wang");
  expect(lastActor(makeAlert())).toBeNull();
});

const PLAIN = { assignee: null, picture: null } as const;

test("a case that came back is as new as its return; an undo is no return", () => {
  const back = { from: "resolved", to: "raised", who: "rule", when: "2026-01-03T00:00:00.000Z", note: "", ...PLAIN } as const;
  const undone = { ...back, who: "wang", when: "2026-01-04T00:00:00.000Z", note: "undo" };
  expect(lastRaisedAt(makeAlert())).toBe("2026-01-01T00:00:00.000Z");
  expect(lastRaisedAt(makeAlert({ transitions: [back, undone] }))).toBe(back.when);
});

test("a case that was raised anew came back, one that was taken back did not", () => {
  const step = { from: "resolved", to: "raised", who: "rule", when: "", note: "raised again", ...PLAIN } as const;
  expect(cameBack(makeAlert({ transitions: [step] }))).toBe(true);
  expect(cameBack(makeAlert({ transitions: [{ ...step, note: "undo" }] }))).toBe(false);
});

test("who was sent last has it, until it is closed", () => {
  const sent = (name: string) =>
    ({ from: "raised", to: "dispatched", who: "wang", when: "", note: "", picture: null, assignee: { role: "guard", name } }) as const;
  const transitions = [sent("Li"), sent("Zhao")];
  expect(assigneeOf(makeAlert({ state: "dispatched", transitions }))?.name).toBe("Zhao");
  expect(assigneeOf(makeAlert({ state: "resolved", transitions }))).toBeNull();
});

test("a name by a card that nobody looked at is the owner's, with a face it is that of what was compared", () => {
  const piece = { kind: "card", camera: "reader", at: "", picture: null, box: null, score: null, margin: null, synthetic: false };
  const person = { id: "p", name: "Ann", group: "", picture: null };
  expect(isOfCard(makeAlert({ person, evidence: [piece] }))).toBe(true);
  expect(isOfCard(makeAlert({ person, evidence: [piece, { ...piece, kind: "face" }] }))).toBe(false);
  expect(isOfCard(makeAlert({ evidence: [piece] }))).toBe(false);
});

test("what can be closed in either way can be closed", () => {
  expect(canClose(makeAlert({ allowed: ["false_alarm"] }))).toBe(true);
  expect(canClose(makeAlert({ allowed: ["acknowledged", "dispatched"] }))).toBe(false);
});
