import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { sha256 } from "./sha256";

test("hashes of every length around the edges of a block are those that everybody else computes", () => {
  for (const length of [0, 1, 3, 54, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003]) {
    const data = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255);
    expect(sha256(data)).toBe(createHash("sha256").update(data).digest("hex"));
  }
});
