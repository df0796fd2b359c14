// Where in the page we are, from the address after the hash, and back.

export type PageName = "watch" | "alerts" | "passages" | "notices" | "nodes" | "account" | "login";
export interface Route {
  page: PageName;
  /** Such as the alert that is looked at. */
  id: string | null;
  query: Record<string, string>;
}

const PAGES = new Set<string>(["watch", "alerts", "passages", "notices", "nodes", "account", "login"]);

export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page = "", ...rest] = path.split("/");
  const known = PAGES.has(page) ? (page as PageName) : "watch";
  const id = rest.join("/");
  return { page: known, id: id === "" ? null : safeDecode(id), query: Object.fromEntries(new URLSearchParams(search)) };
}

export function routeTo(page: PageName, id?: string): string {
  return id === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A mistyped address is an unknown id, not a broken page.
    return text;
  }
}
