// The moving picture of one camera, asked for while somebody can see it and no longer.
import { type RefObject, useEffect, useState } from "react";
import { fetchTile } from "../../api/tiles";

/** As often as nodes send them. */
const EVERY_MS = 500;

export interface Shown {
  /** Address of the latest picture; null: none yet. */
  url: string | null;
  /** When it was taken, by this computer's clock. */
  at: number | null;
  /** Since when it is asked for. */
  since: number;
}

/** Asks again and again while `place` is on the screen and the page is not hidden. */
export function useTile(node: string, camera: string, place: RefObject<HTMLElement | null>): Shown {
  const [shown, show] = useState<Shown>(() => ({ url: null, at: null, since: Date.now() }));
  const visible = useVisible(place);
  useEffect(() => {
    if (!visible) return undefined;
    const leave = new AbortController();
    let tag: string | null = null;
    let address: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const take = (picture: Blob): string => {
      if (address !== null) URL.revokeObjectURL(address);
      address = URL.createObjectURL(picture);
      return address;
    };
    const look = async (): Promise<void> => {
      const began = Date.now();
      try {
        const seen = await fetchTile(node, camera, tag, leave.signal);
        if (leave.signal.aborted) return;
        if (seen.kind === "new") {
          tag = seen.tag;
          const url = take(seen.picture);
          show((before) => ({ ...before, url, at: Date.now() - seen.age_ms }));
        }
      } catch {
        // Its age says how long it has been so; the next question may be answered.
      }
      if (!leave.signal.aborted) timer = setTimeout(() => void look(), Math.max(100, EVERY_MS - (Date.now() - began)));
    };
    void look();
    return () => {
      leave.abort();
      clearTimeout(timer);
      if (address !== null) URL.revokeObjectURL(address);
      show((before) => ({ ...before, url: null }));
    };
  }, [node, camera, visible]);
  return shown;
}

function useVisible(place: RefObject<HTMLElement | null>): boolean {
  const [inView, setInView] = useState(false);
  const [awake, setAwake] = useState(!document.hidden);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const watcher = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? false));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [place]);
  useEffect(() => {
    const changed = (): void => setAwake(!document.hidden);
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  return inView && awake;
}
