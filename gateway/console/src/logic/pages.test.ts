import { expect, test } from "vitest";
import { applyToPages, flatten, type Growing, type Rules } from "./pages";

interface Item {
  id: string;
  open: boolean;
}
const rules: Rules<Item> = { id: (item) => item.id, belongs: (item) => item.open, newer: (_known, incoming) => incoming };
const item = (id: string, open = true): Item => ({ id, open });
const list = (...pages: Item[][]): Growing<Item> => ({
  pages: pages.map((items) => ({ items, next: null })),
  pageParams: [],
});
const ids = (growing: Growing<Item>): string[] => flatten(growing, rules.id).map((entry) => entry.id);

test("what is new goes on top, what is known is replaced where it is", () => {
  const after = applyToPages(list([item("2")], [item("1")]), item("3"), rules);
  expect(ids(after)).toEqual(["3", "2", "1"]);
  expect(ids(applyToPages(after, item("1"), rules))).toEqual(["3", "2", "1"]);
});

test("what no longer fits the filter leaves, and what never fitted does not come", () => {
  expect(ids(applyToPages(list([item("2")], [item("1")]), item("1", false), rules))).toEqual(["2"]);
  expect(ids(applyToPages(list([item("2")]), item("3", false), rules))).toEqual(["2"]);
});

test("applying an event twice changes nothing more", () => {
  const once = applyToPages(list([item("1")]), item("2"), rules);
  expect(applyToPages(once, item("2"), rules)).toEqual(once);
});

test("a page fetched later that repeats an item does not double it", () => {
  expect(ids(list([item("3"), item("2")], [item("2"), item("1")]))).toEqual(["3", "2", "1"]);
});
