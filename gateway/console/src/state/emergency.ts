// What is asked again and again while something may burn.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import {
  beginMuster,
  callEmergency,
  endEmergency,
  endMuster,
  fetchEmergency,
  fetchMuster,
  fetchOutward,
  markMet,
} from "../api/emergency";
import { workOf } from "../logic/roles";
import { useRole } from "./session";

const EMERGENCY = ["emergency"] as const;
const MUSTER = ["muster"] as const;
const EMERGENCY_EVERY_MS = 2_000;
const MUSTER_EVERY_MS = 2_000;
const OUTWARD_EVERY_MS = 5_000;

/** The dialog in which an emergency is called (and by what), or ended. */
interface Panel {
  open: "call" | "end" | null;
  by: "screen" | "key";
  show(open: Panel["open"], by?: Panel["by"]): void;
}

export const useEmergencyPanel = create<Panel>()((set) => ({
  open: null,
  by: "screen",
  show: (open, by = "screen") => set({ open, by }),
}));

/** Guards and administrators have the button; nobody else is asked about it. */
export const useHasButton = (): boolean => workOf(useRole()).includes("watch");

export const useEmergency = () =>
  useQuery({
    queryKey: EMERGENCY,
    queryFn: ({ signal }) => fetchEmergency(signal),
    refetchInterval: EMERGENCY_EVERY_MS,
    refetchIntervalInBackground: true,
    enabled: useHasButton(),
  });

export function useCall() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: callEmergency,
    onSuccess: (told) => client.setQueryData(EMERGENCY, told),
  });
}

export function useEnd() {
  const client = useQueryClient();
  return useMutation({ mutationFn: endEmergency, onSuccess: (told) => client.setQueryData(EMERGENCY, told) });
}

export const useMuster = () =>
  useQuery({ queryKey: MUSTER, queryFn: ({ signal }) => fetchMuster(signal), refetchInterval: MUSTER_EVERY_MS });

export type MusterStep = { kind: "begin"; drill: boolean } | { kind: "end" } | { kind: "met"; id: string; met: boolean };

/** One after the other, so that a tick never overtakes the one before. */
export function useMusterStep() {
  const client = useQueryClient();
  return useMutation({
    scope: { id: "muster" },
    mutationFn: (step: MusterStep) => {
      if (step.kind === "begin") return beginMuster(step.drill);
      return step.kind === "end" ? endMuster() : markMet(step.id, step.met);
    },
    onSuccess: (told) => client.setQueryData(MUSTER, told),
  });
}

export const useOutward = () =>
  useQuery({
    queryKey: ["outward"],
    queryFn: ({ signal }) => fetchOutward(signal),
    refetchInterval: OUTWARD_EVERY_MS,
    refetchIntervalInBackground: true,
    enabled: useHasButton(),
  });
