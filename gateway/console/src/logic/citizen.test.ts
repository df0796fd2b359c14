import { expect, test } from "vitest";
import { isCitizenNumber } from "./citizen";

test("a number is known by its check character and its day of birth", () => {
  expect(["11010519491231002X", "110105 19491231 002x", "110101199003071233"].map(isCitizenNumber)).toEqual([true, true, true]);
  const wrong = ["", "110105194912310021", "11010519491331002X", "1101051949123100", "11010519490231002X", "21010519491231002X"];
  expect(wrong.filter(isCitizenNumber)).toEqual([]);
});
