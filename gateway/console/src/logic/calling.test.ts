import { expect, test } from "vitest";
import { calling, NOTHING_SAID } from "./calling";

test("a real call leaves it to the site whom it reaches", () => {
  expect(calling({ ...NOTHING_SAID, police: true, why: "knife" })).toEqual({ drill: false, why: "knife" });
});

test("a drill reaches nobody who was not ticked", () => {
  const drill = { ...NOTHING_SAID, drill: true };
  expect(calling(drill)).toEqual({ drill: true, why: "", police: false, siren: false });
  expect(calling({ ...drill, siren: true })).toEqual({ drill: true, why: "", police: false, siren: true });
});
