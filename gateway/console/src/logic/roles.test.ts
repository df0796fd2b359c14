import { expect, test } from "vitest";
import { homeOf, pageFor, WORK, workOf } from "./roles";
import { PAGE_NAMES } from "./route";

test("every role begins at a page of its own work, and every page of work has an address", () => {
  for (const [role, pages] of Object.entries(WORK)) {
    expect(homeOf(role)).toBe(pages[0]);
    expect(pages.every((page) => PAGE_NAMES.includes(page))).toBe(true);
    expect(new Set(pages).size).toBe(pages.length);
  }
});

test("an address that is not a role's work leads to where the role begins", () => {
  expect(pageFor("police", "watch")).toBe("queue");
  expect(pageFor("teacher", "nodes")).toBe("school");
  expect(pageFor("guard", "nodes")).toBe("nodes");
  expect(pageFor("guard", "login")).toBe("watch");
  expect(pageFor("guard", "nowhere")).toBe("nowhere");
  expect(pageFor("police", "account")).toBe("account");
});

test("a role that the page does not know has its account and nothing else", () => {
  expect(workOf("gardener")).toEqual([]);
  expect(homeOf("gardener")).toBe("account");
  expect(pageFor("gardener", "alerts")).toBe("account");
});
