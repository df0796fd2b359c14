// Sending an order: under way, done, or why not; and under which name it is sent again.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { fetchPeople } from "../api/orders";
import { keys } from "../live/keys";
import { isSamePress, newPress } from "../logic/orders";

/** Everybody enrolled, asked for when somebody is looked for: every look at the list is audited. */
export const usePeople = (wanted: boolean) =>
  useQuery({ queryKey: keys.people(), queryFn: ({ signal }) => fetchPeople(signal), enabled: wanted, staleTime: 300_000 });

/**
 * `send` gets the press's id and what is ordered; `forget` makes the next one another press; `done` is called when it
 * was answered.
 */
export function useOrder<Wanted, Answer>(
  send: (id: string, wanted: Wanted) => Promise<Answer>,
  done: () => void = () => undefined,
) {
  const client = useQueryClient();
  const press = useRef<string | null>(null);
  const mutation = useMutation({
    mutationFn: (wanted: Wanted) => send((press.current ??= newPress()), wanted),
    retry: false,
    onSuccess: () => {
      press.current = null;
      void client.invalidateQueries({ queryKey: keys.siteOrder() });
      done();
    },
    onError: (error) => {
      if (!isSamePress(error)) press.current = null;
    },
  });
  const forget = (): void => {
    press.current = null;
    mutation.reset();
  };
  return { ...mutation, forget };
}
