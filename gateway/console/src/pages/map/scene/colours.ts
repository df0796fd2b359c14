// The page's own colours for what is drawn by the graphics card, light or dark as the page is.
import { useSyncExternalStore } from "react";
import type { Severity } from "../../../api/types";
import { useSettings } from "../../../state/settings";

const NAMES = {
  ground: "--surface-2",
  edge: "--line-strong",
  ink: "--ink",
  building: "--surface-3",
  zone: "--accent",
  up: "--good",
  down: "--ink-2",
  wrong: "--critical",
  held: "--major",
  camera: "--info",
  way: "--candidate",
  sky: "--surface",
  critical: "--critical",
  major: "--major",
  minor: "--minor",
  info: "--info",
} as const;

export type Colours = Record<keyof typeof NAMES | Severity | "paper", string>;

const DARK = "(prefers-color-scheme: dark)";

function subscribe(changed: () => void): () => void {
  const dark = window.matchMedia(DARK);
  dark.addEventListener("change", changed);
  return () => dark.removeEventListener("change", changed);
}

export function useColours(): Colours {
  const theme = useSettings((settings) => settings.theme);
  const night = useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
  const dark = theme === "dark" || (theme === "system" && night);
  const style = getComputedStyle(document.documentElement);
  const found = Object.entries(NAMES).map(([name, token]) => [name, style.getPropertyValue(token).trim() || "#888888"]);
  // Plans are black on white: in a dark room they must not dazzle.
  return { ...(Object.fromEntries(found) as Colours), paper: dark ? "#707070" : "#ffffff" };
}
