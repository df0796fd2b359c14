import { expect, test } from "vitest";
import { reportAsCsv } from "./tableReport";

const NOTHING = { cards: 0, plates: 0, guardians: 0, names: 0 };

test("each row is a line, quoted, and none of it is run by a spreadsheet", () => {
  const words = { column: (name: string) => name.toUpperCase(), reason: (text: string) => text.trim() };
  const errors = [{ column: "cards", reason: 'no "card"' }];
  const rows = [
    { row: 2, id: "=1+1", outcome: "refused" as const, errors, warnings: [] },
    { row: 3, id: "n-1", outcome: "enrolled" as const, errors: [], warnings: ["one", "two"] },
  ];
  const lines = reportAsCsv({ enrolled: 1, refused: 1, losses: NOTHING, rows, strays: [] }, words).split("\r\n");
  expect(lines[0]).toBe('\uFEFF"row","id","outcome","errors","warnings"');
  expect(lines[1]).toBe('"2","\'=1+1","refused","CARDS: no ""card""",""');
  expect(lines[2]).toBe('"3","n-1","enrolled","","one; two"');
});
