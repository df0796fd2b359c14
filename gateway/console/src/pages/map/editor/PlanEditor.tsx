// The plan while it is drawn: tools, the sheet, what is chosen, and saving without overwriting anybody.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../../api/errors";
import { fetchPlan, savePlan, type SeenPlan } from "../../../api/sitePlan";
import { keys } from "../../../live/keys";
import { faultsOf } from "../../../logic/plan/check";
import { KINDS } from "../../../logic/plan/edit";
import { Problem } from "../../../components/Problem";
import { EditCanvas } from "./EditCanvas";
import { PartForm } from "./PartForm";
import { Parts } from "./Parts";
import { SheetForm } from "./SheetForm";
import { type Desk, type Tool, useDrawing } from "./useDrawing";
import { Versions } from "./Versions";

interface Props {
  plan: SeenPlan;
  onClose(): void;
}

export function PlanEditor({ plan, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  const desk = useDrawing(plan);
  const saving = useSaving(plan, desk, onClose);
  const faults = faultsOf(desk.drawing);
  useUndoKeys(desk);
  const fault = (id: string | null) => faults.find((each) => each.id === id);
  return (
    <div className="map-editor">
      <div className="map-tools">
        <Tools desk={desk} />
        <button type="button" className="button" disabled={!desk.canUndo} onClick={desk.undo}>
          {t("map.undo")} <kbd>Ctrl Z</kbd>
        </button>
        <button type="button" className="button" disabled={!desk.canRedo} onClick={desk.redo}>
          {t("map.redo")}
        </button>
        <span className="map-gap" />
        <Leave changed={desk.changed} onClose={onClose} />
        <button type="button" className="button button-main" disabled={!desk.changed || faults.length > 0 || saving.busy} onClick={saving.save}>
          {t("map.save")}
        </button>
      </div>
      <Hint desk={desk} />
      {saving.stale ? (
        <p className="shift-warning" role="alert">
          {t("map.stale")}{" "}
          <button type="button" className="button" onClick={saving.theirs}>
            {t("map.theirs")}
          </button>
        </p>
      ) : (
        <Problem error={saving.error} />
      )}
      <div className="map-body">
        <div className="map-stage">
          <EditCanvas desk={desk} faults={faults} />
        </div>
        <div className="map-side panel-scroll" role="group" tabIndex={0} aria-label={t("map.parts")}>
          {desk.chosen !== null && <PartForm key={desk.chosen} desk={desk} id={desk.chosen} fault={fault(desk.chosen)} />}
          <Parts desk={desk} faults={faults} />
          <SheetForm desk={desk} />
          <Versions onLoad={(drawing) => desk.change(drawing)} />
        </div>
      </div>
    </div>
  );
}

function useSaving(plan: SeenPlan, desk: Desk, onSaved: () => void) {
  const client = useQueryClient();
  const [tag, setTag] = useState(plan.tag);
  const saved = useMutation({
    mutationFn: () => savePlan(desk.drawing, tag),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.sitePlan() });
      onSaved();
    },
  });
  // Theirs becomes the next step, so that an undo brings one's own back.
  const fetched = useMutation({
    mutationFn: () => fetchPlan(),
    onSuccess: (theirs) => {
      setTag(theirs.tag);
      if (theirs.drawing !== null) desk.change(theirs.drawing);
      saved.reset();
    },
  });
  return {
    busy: saved.isPending,
    stale: saved.error instanceof Refused && saved.error.status === 412,
    error: saved.error ?? fetched.error,
    save: () => saved.mutate(),
    theirs: () => fetched.mutate(),
  };
}

const typing = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && !["range", "file"].includes(target.type);

/** Of the whole page, wherever the focus is; a field that is typed into undoes its own typing. */
function useUndoKeys(desk: Desk): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => steered(event, desk);
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

function steered(event: KeyboardEvent, desk: Desk): void {
  if (!(event.ctrlKey || event.metaKey) || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) desk.redo();
  else desk.undo();
}

const TOOLS: readonly Tool[] = ["select", ...KINDS];

function Tools({ desk }: { desk: Desk }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="map-switch" role="group" aria-label={t("map.tools")}>
      {TOOLS.map((tool) => (
        <button key={tool} type="button" className="chip" data-tool={tool} aria-pressed={desk.tool === tool} onClick={() => desk.take(tool)}>
          {t(`map.tool_${tool}`)}
        </button>
      ))}
    </div>
  );
}

/** What the next press does; and the buttons that a thumb needs in place of keys. */
function Hint({ desk }: { desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const area = desk.tool === "building" || desk.tool === "zone";
  return (
    <div className="map-hint">
      <p role="status">{t(`map.hint_${desk.tool}`)}</p>
      {area && (
        <>
          <button type="button" className="button button-main" disabled={desk.draft.length < 3} onClick={() => desk.finish((kind) => t(`map.new_${kind}`))}>
            {t("map.finish")}
          </button>
          <button type="button" className="button" disabled={desk.draft.length === 0} onClick={desk.drop}>
            {t("map.drop")}
          </button>
        </>
      )}
    </div>
  );
}

/** What was drawn and not saved is given up only by a second press. */
function Leave({ changed, onClose }: { changed: boolean; onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const [asked, ask] = useState(false);
  return (
    <button type="button" className={asked && changed ? "button button-grave" : "button"} onClick={() => (changed && !asked ? ask(true) : onClose())}>
      {t(asked && changed ? "map.leave_changed" : "map.leave")}
    </button>
  );
}
