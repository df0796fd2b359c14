// What is drawn on: the plan's picture and its scale; and a model of the site, where somebody has one.
import { useMutation } from "@tanstack/react-query";
import { type ChangeEvent, type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { bringFile, type PlanModel } from "../../../api/sitePlan";
import { Refused } from "../../../api/errors";
import { refusalText } from "../../../i18n/codes";
import { resize } from "../../../logic/plan/edit";
import { shrunk } from "../../alerts/shrunk";
import { NumberField } from "./fields";
import type { Desk } from "./useDrawing";

/** Lines of a plan are thin: more than of a photo is kept. */
const LONGEST_SIDE = 3000;

export function SheetForm({ desk }: { desk: Desk }): ReactElement {
  const { t } = useTranslation();
  const { drawing } = desk;
  const { sheet, model } = drawing;
  const picture = useMutation({
    mutationFn: async (file: Blob) => {
      const small = await shrunk(file, LONGEST_SIDE);
      const { width, height } = await createImageBitmap(small);
      return { picture: await bringFile("picture", small), width, height };
    },
    onSuccess: (found) => desk.change(resize(drawing, { ...sheet, ...found })),
  });
  const imported = useMutation({
    mutationFn: (file: Blob) => bringFile("model", file),
    onSuccess: (sha256) => desk.change({ ...drawing, model: { sha256, at: [sheet.width / 2, sheet.height / 2], heading: 0, base_m: 0, scale: 1 } }),
  });
  return (
    <section aria-label={t("map.sheet")}>
      <h2>{t("map.sheet")}</h2>
      <div className="map-fields">
        <NumberField label={t("map.metres_wide")} value={sheet.metres_wide} least={1} most={20_000} step={0.1} onValue={(metres_wide) => desk.change({ ...drawing, sheet: { ...sheet, metres_wide } })} />
      </div>
      <FileButton label={t(sheet.picture === null ? "map.picture" : "map.picture_other")} accept="image/png,image/jpeg,image/webp" busy={picture.isPending} onFile={(file) => picture.mutate(file)} />
      <Refusal error={picture.error} unread={t("map.picture_unread")} />
      <FileButton label={t(model === null ? "map.model" : "map.model_other")} accept=".glb,model/gltf-binary" busy={imported.isPending} onFile={(file) => imported.mutate(file)} />
      <Refusal error={imported.error} unread={t("error.bad_model")} />
      {model !== null && <ModelFields desk={desk} model={model} />}
    </section>
  );
}

function Refusal({ error, unread }: { error: Error | null; unread: string }): ReactElement | null {
  const { t } = useTranslation();
  if (error === null) return null;
  return (
    <p className="form-error" role="alert">
      {error instanceof Refused || error.name === "Unreachable" ? refusalText(t, error) : unread}
    </p>
  );
}

interface FileProps {
  label: string;
  accept: string;
  busy: boolean;
  onFile(file: File): void;
}

function FileButton({ label, accept, busy, onFile }: FileProps): ReactElement {
  const id = useId();
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.target.files?.[0];
    // The same file may be chosen again after it was mended.
    event.target.value = "";
    if (file !== undefined) onFile(file);
  };
  return (
    <div className="photo">
      <input id={id} className="hidden" type="file" accept={accept} disabled={busy} onChange={chosen} />
      <label htmlFor={id} className="button">
        {label}
      </label>
    </div>
  );
}

function ModelFields({ desk, model }: { desk: Desk; model: PlanModel }): ReactElement {
  const { t } = useTranslation();
  const { drawing } = desk;
  const { width, height } = drawing.sheet;
  const set = (values: Partial<PlanModel>): void => desk.change({ ...drawing, model: { ...model, ...values } });
  return (
    <div className="map-fields">
      <NumberField label={t("map.model_x")} value={model.at[0]} least={0} most={width} step={0.1} onValue={(x) => set({ at: [x, model.at[1]] })} />
      <NumberField label={t("map.model_y")} value={model.at[1]} least={0} most={height} step={0.1} onValue={(y) => set({ at: [model.at[0], y] })} />
      <NumberField label={t("map.model_turn")} value={model.heading} least={0} most={359} onValue={(heading) => set({ heading })} />
      <NumberField label={t("map.base")} value={model.base_m} least={-200} most={1000} step={0.1} onValue={(base_m) => set({ base_m })} />
      <NumberField label={t("map.model_scale")} value={model.scale} least={0.001} most={1000} step={0.001} onValue={(scale) => set({ scale })} />
      <button type="button" className="button" onClick={() => desk.change({ ...drawing, model: null })}>
        {t("map.model_remove")}
      </button>
    </div>
  );
}
