// What the visitors' page asks for, and what is done there.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { fetchDesk, fetchStops, fetchVisit, fetchVisits } from "../api/visits";
import { keys } from "../live/keys";

/** Passages and other windows change it without a word to this page. */
const EVERY_MS = 5_000;

export const useVisits = (day: string) =>
  useQuery({
    queryKey: keys.visitsOf(day),
    queryFn: ({ signal }) => fetchVisits(day, signal),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });

export const useVisit = (id: string) =>
  useQuery({
    queryKey: keys.visit(id),
    queryFn: ({ signal }) => fetchVisit(id, signal),
    refetchInterval: EVERY_MS,
    gcTime: 0,
  });

export const useVisitDesk = () => useQuery({ queryKey: keys.visitDesk(), queryFn: ({ signal }) => fetchDesk(signal) });

export const useStops = () => useQuery({ queryKey: keys.stops(), queryFn: ({ signal }) => fetchStops(signal), gcTime: 0 });

/** Something that is done at the desk; everything that it shows is asked for again, also when it went wrong. */
export function useAtDesk<Given, Found>(act: (given: Given) => Promise<Found>, done?: (found: Found) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (found: Found) => done?.(found),
    onSettled: () => client.invalidateQueries({ queryKey: keys.visits() }),
  });
}
