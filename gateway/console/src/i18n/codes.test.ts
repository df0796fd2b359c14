import { expect, test } from "vitest";
import { ageLabel, driverName, scoreText } from "./codes";

const keys = ((key: string) => key) as never;

test.each([
  ["face", 0.714, "0.71"],
  ["face", 0.005, "0.01"],
  ["face", 0.004, "face.unlike"],
  ["face", -0.03, "face.unlike"],
  ["plate", 0.004, "0.00"],
])("a %s's score of %s is shown as %s: two faces are never alike by less than nothing", (kind, score, text) => {
  expect(scoreText(keys, kind, score)).toBe(text);
});

test("an age is said to be the picture's only where there can be a picture", () => {
  expect(["face", "plate", "body", "card", "manual", "contact"].map(ageLabel)).toEqual([
    "face.age_picture",
    "face.age_picture",
    "face.age_picture",
    "face.age_card",
    "face.age_manual",
    "face.age_contact",
  ]);
});

test("a device that is only a script is said to be simulated, and any other is named by what drives it", () => {
  expect(["virtual", "osdp", "a-newer-one"].map((driver) => driverName(keys, driver))).toEqual(["device.virtual", "osdp", "a-newer-one"]);
});
