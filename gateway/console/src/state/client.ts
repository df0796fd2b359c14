// How answers are kept: the live line brings changes, so nothing is fetched again merely because a window got focus.
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { Refused } from "../api/errors";
import { useSession } from "./session";

const isSignedOut = (error: Error): boolean => error instanceof Refused && error.status === 401;

/** Refusals are final; silence is tried again. */
const worthRetrying = (failures: number, error: Error): boolean => !(error instanceof Refused) && failures < 3;

export function makeClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (isSignedOut(error)) useSession.getState().expired();
      },
    }),
    defaultOptions: {
      queries: {
        networkMode: "always", // The gateway may be reachable when the internet is not.
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        retry: worthRetrying,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
