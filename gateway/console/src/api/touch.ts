// Whether somebody is at this screen. What a page asks by itself is no use of the session, and says so.

/** So long after somebody touched the page, what it asks is still theirs. */
const RECENT_MS = 60_000;
/** Who touches a page that asks nothing is told of this often at most. */
const TOLD_EVERY_MS = 5 * 60_000;

let touchedAt = Date.now();
let toldAt = Date.now();

/** Goes with every question. */
export function untouched(): Record<string, string> {
  const now = Date.now();
  if (now - touchedAt > RECENT_MS) return { "X-Zhian-Untouched": "1" };
  toldAt = now;
  return {};
}

/** Somebody pressed, typed or scrolled; whether the gateway is to be told, since the page has asked nothing for them. */
export function touched(): boolean {
  touchedAt = Date.now();
  return touchedAt - toldAt > TOLD_EVERY_MS;
}
