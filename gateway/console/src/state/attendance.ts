// What the school-day page asks for, and what a teacher does there.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type CorrectionRequest, correctDay, fetchClass, fetchClasses, takeBack } from "../api/attendance";
import { keys } from "../live/keys";

/** A bell rings without a passage; a passage is told by the live line besides. */
const EVERY_MS = 30_000;

export const useClasses = (day: string) =>
  useQuery({
    queryKey: keys.classes(day),
    queryFn: ({ signal }) => fetchClasses(day, signal),
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
  });

export const useClassDay = (group: string, day: string) =>
  useQuery({
    queryKey: keys.classDay(group, day),
    queryFn: ({ signal }) => fetchClass(group, day, signal),
    refetchInterval: EVERY_MS,
    gcTime: 60_000,
  });

/** Each takes what is to be done, and brings the day up to date. */
export function useCorrecting(done: () => void) {
  const client = useQueryClient();
  const onSuccess = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: keys.attendance() });
    done();
  };
  const correct = useMutation({ mutationFn: (wanted: CorrectionRequest) => correctDay(wanted), onSuccess });
  const end = useMutation({ mutationFn: (said: { id: string; why: string }) => takeBack(said.id, said.why), onSuccess });
  return { correct, end };
}
