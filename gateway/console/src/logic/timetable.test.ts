import { describe, expect, it } from "vitest";
import type { DayAhead, Holding } from "../api/timetable";
import { asHours, daysInRow, faultOf, said, typed } from "./timetable";

const day = (...windows: Partial<Holding>[]): DayAhead => ({
  day: "2026-03-02", weekday: "mon", works_as: null, off: false, name: "",
  windows: windows.map((each) => ({ start: "00:00", end: "24:00", before: false, after: false, ...each })),
});
const span = { days: ["fri", "mon"] as const, start: "07:00", end: "24:00" };

describe("spans as they are typed", () => {
  it("end at midnight in a clock's field, and at 24:00 at the gateway", () => {
    const [one] = typed([span]);
    expect(one?.end).toBe("00:00");
    expect(asHours(typed([span]), true)).toEqual({ spans: [{ ...span, days: ["mon", "fri"] }], holidays: true });
  });

  it("are named before the gateway is asked when they cannot be meant", () => {
    const fine = typed([span]);
    expect(faultOf("school", fine)).toBeNull();
    expect(faultOf("三年级", fine)).toBe("name");
    expect(faultOf("school", [])).toBe("spans");
    expect(faultOf("school", typed([{ ...span, days: [] }]))).toBe("whole");
    expect(faultOf("school", typed([{ ...span, start: "" }]))).toBe("whole");
    expect(faultOf("school", typed([{ ...span, start: "08:00", end: "08:00" }]))).toBe("nothing");
    expect(faultOf("school", typed([{ ...span, start: "00:00", end: "24:00" }]))).toBeNull();
  });
});

describe("weekdays", () => {
  it("in a row are said by the first and the last", () => {
    expect(daysInRow(["fri", "wed", "thu"])).toEqual({ first: "wed", last: "fri" });
    expect(daysInRow(["mon", "wed", "fri"])).toEqual(["mon", "wed", "fri"]);
    expect(daysInRow(["sun", "sat"])).toEqual(["sat", "sun"]);
  });
});

describe("a day ahead", () => {
  it("is closed, whole, or open at times", () => {
    expect(said(day())).toEqual({ kind: "closed" });
    expect(said(day({}))).toEqual({ kind: "whole" });
    expect(said(day({ start: "06:30", end: "08:20" }))).toEqual({
      kind: "hours", parts: [{ kind: "within", start: "06:30", end: "08:20" }],
    });
  });

  it("says hours over midnight as people do", () => {
    const found = said(day({ end: "06:00", before: true }, { start: "22:00", after: true }));
    expect(found.kind === "hours" && found.parts.map((part) => part.kind)).toEqual(["until", "from"]);
  });
});
