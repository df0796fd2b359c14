// Where in the page we are, from the address after the hash, and back.

/** Every page that has an address. */
export const PAGE_NAMES = [
  "watch", "alerts", "map", "passages", "visitors", "school", "people", "groups", "calendar", "notices", "nodes", "muster", "shift", "replay", "queue", "lists", "audit", "account", "visit", "login",
] as const;
/** `nowhere`: the address names no page. */
export type PageName = (typeof PAGE_NAMES)[number] | "nowhere";
export interface Route {
  page: PageName;
  /** Such as the alert that is looked at. */
  id: string | null;
  query: Record<string, string>;
}

export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/");
  const id = rest.join("/");
  return { page: pageOf(page), id: id === "" ? null : safeDecode(id), query: Object.fromEntries(new URLSearchParams(search)) };
}

/** No page at all is the watch; at its first start the gateway shows the way in as `#/setup`. */
function pageOf(name: string): PageName {
  if (name === "") return "watch";
  if (name === "setup") return "login";
  return PAGE_NAMES.find((known) => known === name) ?? "nowhere";
}

export function routeTo(page: PageName, id?: string, query: Record<string, string> = {}): string {
  const path = id === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`;
  const search = new URLSearchParams(query).toString();
  return search === "" ? path : `${path}?${search}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A mistyped address is an unknown id, not a broken page.
    return text;
  }
}
