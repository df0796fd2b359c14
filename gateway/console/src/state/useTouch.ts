// Notices that somebody is at the screen.
import { useEffect } from "react";
import { Refused } from "../api/errors";
import { fetchSession } from "../api/session";
import { touched } from "../api/touch";
import { useSession } from "./session";

const TOUCHES = ["pointerdown", "keydown", "wheel"] as const;

export function useTouch(): void {
  useEffect(() => {
    const heed = (): void => {
      if (touched()) fetchSession().catch(leave);
    };
    const how = { capture: true, passive: true };
    for (const kind of TOUCHES) window.addEventListener(kind, heed, how);
    return () => {
      for (const kind of TOUCHES) window.removeEventListener(kind, heed, how);
    };
  }, []);
}

function leave(cause: unknown): void {
  if (cause instanceof Refused && cause.status === 401) useSession.getState().expired();
}
