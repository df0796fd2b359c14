// The readers at desks, and the cards that are shown to one while somebody waits for them.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { type DeskReader, fetchDeskReaders, listenTo } from "../api/cards";
import { keys } from "../live/keys";

const READERS_EVERY_MS = 5_000;
const CARDS_EVERY_MS = 400;

export const useDeskReaders = () =>
  useQuery({
    queryKey: keys.deskReaders(),
    queryFn: ({ signal }) => fetchDeskReaders(signal),
    refetchInterval: READERS_EVERY_MS,
  });

export interface Hearing {
  /** The gateway has answered that cards shown to the reader are ours; one that was held to it before is nobody's. */
  hears: boolean;
  /** What keeps cards from being heard, or null. */
  problem: unknown;
}

const SILENT: Hearing = { hears: false, problem: null };

/** Hands over each card that is shown to `reader` from now on; null: none is listened to. */
export function useShownCards(reader: DeskReader | null, onCard: (card: string) => void): Hearing {
  const [said, setSaid] = useState(SILENT);
  const hear = useEffectEvent(onCard);
  const node = reader?.node ?? "";
  const name = reader?.reader ?? "";
  useEffect(() => {
    if (name === "") return undefined;
    const leave = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let after: number | null = null;
    const listen = async (): Promise<void> => {
      try {
        const heard = await listenTo({ node, reader: name }, after, leave.signal);
        if (leave.signal.aborted) return;
        after = heard.after;
        setSaid({ hears: true, problem: null });
        if (heard.card !== null) hear(heard.card.card);
      } catch (error) {
        if (leave.signal.aborted) return;
        // Told, and asked again: a reader that another holds is free within seconds.
        setSaid({ hears: false, problem: error });
      }
      if (!leave.signal.aborted) timer = setTimeout(() => void listen(), CARDS_EVERY_MS);
    };
    void listen();
    return () => {
      leave.abort();
      clearTimeout(timer);
      setSaid(SILENT);
    };
  }, [node, name]);
  return said;
}
