// Steps in an alert's life, taken here: shown at once, taken back when the gateway refuses.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { fetchAlert, type Step, takeStep } from "../api/alerts";
import { Refused } from "../api/errors";
import type { Alert, AlertState } from "../api/types";
import { alertKind, errorText, whoName } from "../i18n/codes";
import { useLiveStore } from "../live/context";
import { lastActor, UNDO } from "../logic/alerts";
import { useDesk } from "./desk";

/** What a step says beside its state. */
export type Said = Partial<Pick<Step, "note" | "assignee" | "picture">>;

export interface Steps {
  take(alert: Alert, to: AlertState, said?: Said): void;
  acknowledge(alert: Alert): void;
  undo(alert: Alert): void;
}

export function useSteps(): Steps {
  const { t } = useTranslation();
  const { mutate } = useStepMutation();

  const take = useCallback(
    (alert: Alert, to: AlertState, said: Said = {}) => {
      const turn = useDesk.getState().begin(alert.id, to);
      mutate({ turn, step: { note: "", ...said, id: alert.id, to, expected_state: alert.state } });
    },
    [mutate],
  );
  const acknowledge = useCallback(
    (alert: Alert) => {
      useDesk.getState().canUndo(alert.id, Date.now());
      take(alert, "acknowledged");
      // What waits next is selected by itself.
      useDesk.getState().select(null);
    },
    [take],
  );
  const undo = useCallback(
    (alert: Alert) => {
      const desk = useDesk.getState();
      desk.cannotUndo(alert.id);
      desk.say("calm", t("undo.undone", { what: alertKind(t, alert.kind) }));
      desk.select(alert.id);
      const turn = desk.begin(alert.id, "raised");
      mutate({ turn, step: { id: alert.id, to: "raised", note: UNDO, expected_state: "acknowledged" } });
    },
    [mutate, t],
  );
  return { take, acknowledge, undo };
}

interface Wanted {
  step: Step;
  turn: number;
}

/** One after the other, so that an undo never overtakes its acknowledgement. */
function useStepMutation() {
  const store = useLiveStore();
  const explain = useExplain();
  return useMutation({
    scope: { id: "alert-steps" },
    mutationFn: ({ step }: Wanted) => takeStep(step),
    onSuccess: (alert) => store.take({ kind: "alert", value: alert }),
    onError: async (error, { step }) => {
      useDesk.getState().cannotUndo(step.id);
      await explain(error, step);
    },
    onSettled: (_alert, _error, { step, turn }) => useDesk.getState().finish(step.id, turn),
  });
}

/** Says why a step was refused; when somebody was faster, who, and how the alert stands now. */
function useExplain(): (error: Error, step: Step) => Promise<void> {
  const { t } = useTranslation();
  const store = useLiveStore();
  const client = useQueryClient();
  return async (error, step) => {
    const { say } = useDesk.getState();
    if (!(error instanceof Refused) || error.status !== 409) return say("warning", errorText(t, error));
    const current = await fetchAlert(step.id).catch(() => null);
    if (current === null) {
      await client.invalidateQueries();
      return say("warning", t("conflict.unknown"));
    }
    store.take({ kind: "alert", value: current });
    const who = lastActor(current);
    const state = t(`state.${current.state}`);
    return say("warning", who === null ? t("conflict.someone", { state }) : t("conflict.by", { who: whoName(t, who), state }));
  };
}
