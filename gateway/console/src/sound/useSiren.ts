// Whether this page can be heard, and what it sounds.
import { useEffect } from "react";
import { create } from "zustand";
import { loudest } from "../logic/alerts";
import { useShownAlerts } from "../state/shown";
import { Siren } from "./siren";

interface Hearing {
  audible: boolean;
}

export const useHearing = create<Hearing>()(() => ({ audible: false }));

const siren = new Siren((audible) => useHearing.setState({ audible }));

export const startSound = (): Promise<void> => siren.start();
export const stopSound = (): Promise<void> => siren.stop();

/** Sounds for the gravest alert that nobody has acknowledged, on whichever page the guard is. */
export function useSiren(): void {
  const severity = loudest(useShownAlerts());
  useEffect(() => siren.sound(severity), [severity]);
  useEffect(() => () => siren.sound(null), []);
}
