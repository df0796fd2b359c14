// Lists that come in pages and grow at the top while they are looked at.
import type { Page } from "../api/types";

export interface Growing<T> {
  pages: Page<T>[];
  pageParams: unknown[];
}

export interface Rules<T> {
  id(item: T): string;
  /** Whether the item belongs into the list as it is filtered. */
  belongs(item: T): boolean;
  newer(known: T | undefined, incoming: T): T;
}

/** The list after `incoming` came: replaced where it is, put on top where it is new, removed where it no longer fits. */
export function applyToPages<T>(list: Growing<T>, incoming: T, rules: Rules<T>): Growing<T> {
  const id = rules.id(incoming);
  const known = list.pages.flatMap((page) => page.items).find((item) => rules.id(item) === id);
  const kept = rules.newer(known, incoming);
  const belongs = rules.belongs(kept);
  if (known === undefined) return belongs ? onTop(list, kept) : list;
  const items = (page: Page<T>): T[] =>
    belongs
      ? page.items.map((item) => (rules.id(item) === id ? kept : item))
      : page.items.filter((item) => rules.id(item) !== id);
  return { ...list, pages: list.pages.map((page) => ({ ...page, items: items(page) })) };
}

function onTop<T>(list: Growing<T>, item: T): Growing<T> {
  const [first, ...others] = list.pages;
  if (first === undefined) return list;
  return { ...list, pages: [{ ...first, items: [item, ...first.items] }, ...others] };
}

/** All items once, in order: a page fetched later may repeat what had moved down in between. */
export function flatten<T>(list: Growing<T> | undefined, id: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const page of list?.pages ?? []) {
    for (const item of page.items) if (!seen.has(id(item))) seen.set(id(item), item);
  }
  return [...seen.values()];
}
