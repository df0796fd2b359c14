// What the people page asks for, and what is done there.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Collectors, fetchCollectors, fetchEverybody, fetchFile, type PersonFile } from "../api/people";
import { keys } from "../live/keys";

export const useEverybody = () =>
  useQuery({ queryKey: keys.everybody(), queryFn: ({ signal }) => fetchEverybody(signal), gcTime: 60_000 });

export const useFile = (person: string) =>
  useQuery({ queryKey: keys.file(person), queryFn: ({ signal }) => fetchFile(person, signal), gcTime: 0 });

export const useCollectors = (person: string) =>
  useQuery({ queryKey: keys.collectors(person), queryFn: ({ signal }) => fetchCollectors(person, signal), gcTime: 0 });

/** A change of somebody's file: the answer is the file as it is then. */
export function useFiling<T>(person: string, change: (wanted: T) => Promise<PersonFile>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (file) => {
      client.setQueryData(keys.file(person), file);
      await client.invalidateQueries({ queryKey: keys.everybody() });
      done?.();
    },
  });
}

/** Likewise of who may collect a child. */
export function useCollecting<T>(person: string, change: (wanted: T) => Promise<Collectors>, done?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (found) => {
      client.setQueryData(keys.collectors(person), found);
      done?.();
    },
  });
}
