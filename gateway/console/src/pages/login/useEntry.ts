// How somebody comes in: by a session that is still good, by a one-time ticket in the address, or by the form.
import { useEffect, useState } from "react";
import { Refused } from "../../api/errors";
import { fetchSession, setupNeeded, signIn } from "../../api/session";
import { parseRoute } from "../../logic/route";
import { useSession } from "../../state/session";

export interface Entry {
  doing: "asking" | "ticket" | "form" | "setup" | "unreachable";
  error: unknown;
  /** A one-time link that was good, and waits for a code of the second factor. */
  ticket: string | null;
}

const AGAIN_MS = 2_000;
const ASKING: Entry = { doing: "asking", error: null, ticket: null };

/** The ticket, once: it leaves the address at once, so that neither history nor a bookmark keeps it. */
function takeTicket(): string | null {
  const { page, query } = parseRoute(window.location.hash);
  const ticket = page === "login" ? query["ticket"] : undefined;
  if (ticket === undefined || ticket === "") return null;
  window.history.replaceState(null, "", "#/login");
  return ticket;
}

async function enter(ticket: string | null): Promise<Entry> {
  let error: unknown = null;
  try {
    useSession.getState().entered(await (ticket === null ? fetchSession() : signIn({ ticket })));
    return ASKING;
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    if (ticket !== null && cause.code === "code_needed") return { doing: "form", error: null, ticket };
    if (ticket !== null) error = cause;
    else if (cause.status !== 401) error = cause;
  }
  const needed = await setupNeeded();
  return { doing: needed ? "setup" : "form", error, ticket: null };
}

export function useEntry(): Entry {
  const phase = useSession((state) => state.phase);
  const ended = useSession((state) => state.ended);
  const [ticket, setTicket] = useState(takeTicket);
  const [entry, setEntry] = useState<Entry>(ticket === null ? ASKING : { doing: "ticket", error: null, ticket: null });

  useEffect(() => {
    if (phase !== "asking") return undefined;
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = (): void => {
      enterOnce(ticket).then(
        (next) => {
          if (!current) return;
          setEntry(next);
          if (next.doing !== "asking") useSession.getState().left();
        },
        (error: unknown) => {
          if (!current) return;
          setEntry({ doing: "unreachable", error, ticket: null });
          timer = setTimeout(attempt, AGAIN_MS);
        },
      );
    };
    attempt();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [phase, ticket]);

  // A ticket may also be opened in a tab that shows the page already.
  useEffect(() => {
    const changed = (): void => {
      const fresh = takeTicket();
      if (fresh === null) return;
      setTicket(fresh);
      setEntry({ doing: "ticket", error: null, ticket: null });
      useSession.setState({ phase: "asking" });
    };
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);

  const over = phase === "out" && (ended || entry.doing === "asking" || entry.doing === "ticket");
  return over ? { doing: "form", error: null, ticket: null } : entry;
}

/** A ticket is good once, and React may start an effect twice: both share one attempt. */
let underWay: Promise<Entry> | null = null;

function enterOnce(ticket: string | null): Promise<Entry> {
  underWay ??= enter(ticket).finally(() => {
    underWay = null;
  });
  return underWay;
}
