// The guard's keys, on every page: the hand need not leave the keyboard.
import { useEffect } from "react";
import type { Alert } from "../api/types";
import { canClose, isUnacknowledged, keepSelection, moveSelection } from "../logic/alerts";
import { type Command, commandOf } from "../logic/keys";
import { routeTo } from "../logic/route";
import { prune } from "../logic/undo";
import { useDesk } from "../state/desk";
import { useEmergencyPanel } from "../state/emergency";
import { useHandsPanel } from "../state/hands";
import { go, useRoute } from "../state/route";
import { useShownAlerts } from "../state/shown";
import { type Steps, useSteps } from "../state/steps";

const TYPING = "input, textarea, select, [contenteditable], [role=menu]";
const WALKS: ReadonlySet<Command> = new Set(["next", "previous", "open"]);
const PRESSABLE = "button, a, summary";

export function useCommands(): void {
  const alerts = useShownAlerts();
  const steps = useSteps();
  const route = useRoute();
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest(TYPING) || document.querySelector("dialog[open]")) return;
      const command = commandOf(event);
      // Enter on a button presses the button.
      if (command === null || (command === "open" && target?.closest(PRESSABLE))) return;
      event.preventDefault();
      // On a page that shows one alert, the keys mean that one.
      const shown = route.page === "alerts" || route.page === "queue" ? route.id : null;
      // The queue has an order of its own.
      if (route.page === "queue" && WALKS.has(command)) return;
      perform(command, alerts, shown, steps);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [alerts, steps, route]);
}

function perform(command: Command, alerts: readonly Alert[], shown: string | null, steps: Steps): void {
  const desk = useDesk.getState();
  const selected = shown ?? keepSelection(alerts, desk.selected);
  switch (command) {
    case "acknowledge":
      return acknowledge(alerts, selected, steps);
    case "dispatch":
    case "close":
      return act(alerts, selected, command);
    case "undo":
      return undoLast(alerts, steps);
    case "next":
    case "previous":
      return walk(alerts, selected, command === "next" ? 1 : -1, shown !== null);
    case "open":
      return selected === null ? undefined : go(routeTo("alerts", selected));
    case "emergency":
      return askEmergency();
    case "pass":
      return askPass();
    case "wall":
      return desk.showWall(!desk.wall);
    case "help":
      return desk.showHelp(true);
  }
}

/** Only where the button is on the page too. */
function askEmergency(): void {
  if (document.querySelector(".emergency-button") !== null) useEmergencyPanel.getState().show("call", "key");
}

/** Likewise: only where lanes are on the page. */
function askPass(): void {
  if (document.querySelector(".let-pass") !== null) useHandsPanel.getState().show("");
}

function acknowledge(alerts: readonly Alert[], selected: string | null, steps: Steps): void {
  const alert = alerts.find((item) => item.id === selected);
  if (alert !== undefined && isUnacknowledged(alert)) steps.acknowledge(alert);
}

/** Opens the dialog in which somebody is sent, or the case is closed, where that is possible now. */
function act(alerts: readonly Alert[], selected: string | null, what: "dispatch" | "close"): void {
  const alert = alerts.find((item) => item.id === selected);
  if (alert === undefined) return;
  if (what === "dispatch" ? alert.allowed.includes("dispatched") : canClose(alert)) useDesk.getState().act({ id: alert.id, what });
}

function undoLast(alerts: readonly Alert[], steps: Steps): void {
  const last = prune(useDesk.getState().undoable, Date.now()).at(-1);
  const alert = alerts.find((item) => item.id === last?.alertId);
  if (alert !== undefined) steps.undo(alert);
}

function walk(alerts: readonly Alert[], selected: string | null, delta: 1 | -1, shown: boolean): void {
  const ids = alerts.map((alert) => alert.id);
  const next = moveSelection(ids, selected, delta);
  useDesk.getState().walk(next);
  if (shown && next !== null) go(routeTo("alerts", next));
}
