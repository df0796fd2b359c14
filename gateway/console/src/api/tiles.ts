// Live pictures of cameras: the latest one, and how old it is. They pass through memory only, here as at the gateway.
import { Refused, Unreachable } from "./errors";
import { untouched } from "./touch";

/** `same`: there is no newer one than the one named; `none`: the node has sent none lately. */
export type Seen =
  | { kind: "new"; picture: Blob; tag: string; age_ms: number }
  | { kind: "same"; age_ms: number }
  | { kind: "none" };

/**
 * Asking makes the node send pictures for a while. `tag` names the last one that was seen.
 *
 * Throws `Refused` and `Unreachable` as every question does.
 */
export async function fetchTile(node: string, camera: string, tag: string | null, signal: AbortSignal): Promise<Seen> {
  const path = `/api/tiles/${encodeURIComponent(node)}/${encodeURIComponent(camera)}`;
  const headers: Record<string, string> = { ...untouched(), ...(tag === null ? {} : { "If-None-Match": tag }) };
  const response = await fetch(path, { headers, credentials: "same-origin", cache: "no-store", signal }).catch(
    (cause: unknown) => {
      throw signal.aborted ? cause : new Unreachable(cause);
    },
  );
  const age_ms = Number(response.headers.get("X-Tile-Age-Ms") ?? 0);
  if (response.status === 304) return { kind: "same", age_ms };
  if (response.status === 404) return { kind: "none" };
  if (!response.ok) throw new Refused(response.status, `http_${response.status}`, response.statusText);
  return { kind: "new", picture: await response.blob(), tag: response.headers.get("ETag") ?? "", age_ms };
}
