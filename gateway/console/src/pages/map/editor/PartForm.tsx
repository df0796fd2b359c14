// What is chosen: its name, its sizes, and which lane, camera or zone of the nodes it is.
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Building, Gate, PlanCamera, Zone } from "../../../api/sitePlan";
import { TextField } from "../../../components/Field";
import type { Fault } from "../../../logic/plan/check";
import { findPart, type Part, patch, removePart } from "../../../logic/plan/edit";
import { cameraName, laneName } from "../../../logic/places";
import { useSite } from "../../../state/session";
import { useKnown } from "../useStage";
import { ChoiceField, NumberField } from "./fields";
import type { Desk } from "./useDrawing";

interface Props {
  desk: Desk;
  id: string;
  fault: Fault | undefined;
}

export function PartForm({ desk, id, fault }: Props): ReactElement | null {
  const { t } = useTranslation();
  const nameId = useId();
  const found = findPart(desk.drawing, id);
  if (found === null) return null;
  const { part } = found;
  const set = (values: Partial<Building & Zone & Gate & PlanCamera>, gesture?: string): void =>
    desk.change(patch(desk.drawing, id, (before) => ({ ...before, ...values }) as Part), gesture);
  return (
    <section className="map-chosen" aria-label={part.name}>
      <header>
        <h2>{t(`map.${found.kind}`)}</h2>
        <button type="button" className="button" onClick={() => desk.change(removePart(desk.drawing, id))}>
          {t("map.remove")}
        </button>
      </header>
      {fault !== undefined && (
        <p className="form-error" role="status">
          {t(`map.fault_${fault.code}`)}
        </p>
      )}
      <div className="field">
        <label htmlFor={nameId}>{t("map.name")}</label>
        <input id={nameId} className="input" maxLength={64} value={part.name} onChange={(event) => set({ name: event.target.value }, `name ${id}`)} />
      </div>
      {"floors" in part && <BuildingFields part={part} onSet={set} />}
      {"floor" in part && <ZoneFields part={part} buildings={desk.drawing.buildings} onSet={set} />}
      {"lane" in part && <GateFields part={part} onSet={set} />}
      {"camera" in part && <CameraFields part={part} onSet={set} />}
    </section>
  );
}

interface FieldsProps<T> {
  part: T;
  onSet(values: Partial<T>): void;
}

function BuildingFields({ part, onSet }: FieldsProps<Building>): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="map-fields">
      <NumberField label={t("map.floors")} value={part.floors} least={1} most={200} onValue={(floors) => onSet({ floors })} />
      <NumberField label={t("map.floor_height")} value={part.floor_height_m} least={1} most={50} step={0.1} onValue={(floor_height_m) => onSet({ floor_height_m })} />
      <NumberField label={t("map.base")} value={part.base_m} least={-200} most={1000} step={0.1} onValue={(base_m) => onSet({ base_m })} />
    </div>
  );
}

function ZoneFields({ part, buildings, onSet }: FieldsProps<Zone> & { buildings: readonly Building[] }): ReactElement {
  const { t } = useTranslation();
  const within = buildings.find(({ id }) => id === part.building);
  const options = [{ id: "", name: t("map.outdoors") }, ...buildings.map(({ id, name }) => ({ id, name }))];
  return (
    <div className="map-fields">
      <ChoiceField label={t("map.within")} value={part.building ?? ""} options={options} onValue={(id) => onSet({ building: id || null, floor: 1 })} />
      <TextField label={t("map.which_zone")} hint={t("map.zone_hint")} value={part.zone ?? ""} most={64} onValue={(typed) => onSet({ zone: typed.replaceAll(/[^A-Za-z0-9._-]/g, "") || null })} />
      {within !== undefined && <NumberField label={t("map.floor")} value={part.floor} least={1} most={within.floors} onValue={(floor) => onSet({ floor })} />}
    </div>
  );
}

function GateFields({ part, onSet }: FieldsProps<Gate>): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const { lanes, nodes } = useKnown();
  const ids = [...lanes.map((lane) => lane.id), ...nodes.flatMap((node) => (node.devices ?? []).filter(({ lane }) => lane !== "").map(({ lane }) => `${node.id}/${lane}`))];
  const options = linked(ids, part.node, part.lane).map((id) => ({ id, name: `${laneName(site, halves(id)[1])} (${id})` }));
  return (
    <div className="map-fields">
      <ChoiceField
        label={t("map.which_lane")}
        value={part.node === null ? "" : `${part.node}/${part.lane}`}
        options={[{ id: "", name: t("map.no_link") }, ...options]}
        onValue={(id) => onSet(id === "" ? { node: null, lane: null } : { node: halves(id)[0], lane: halves(id)[1] })}
      />
      <NumberField label={t("map.way_in")} value={part.heading} least={0} most={359} onValue={(heading) => onSet({ heading })} />
      <NumberField label={t("map.gate_width")} value={part.width_m} least={0.3} most={100} step={0.1} onValue={(width_m) => onSet({ width_m })} />
    </div>
  );
}

function CameraFields({ part, onSet }: FieldsProps<PlanCamera>): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const ids = useKnown().nodes.flatMap((node) => node.cameras.map((camera) => `${node.id}/${camera.id}`));
  const options = linked(ids, part.node, part.camera).map((id) => ({ id, name: `${cameraName(site, halves(id)[1], halves(id)[0])} (${id})` }));
  return (
    <div className="map-fields">
      <ChoiceField
        label={t("map.which_camera")}
        value={part.node === null ? "" : `${part.node}/${part.camera}`}
        options={[{ id: "", name: t("map.no_link") }, ...options]}
        onValue={(id) => onSet(id === "" ? { node: null, camera: null } : { node: halves(id)[0], camera: halves(id)[1] })}
      />
      <NumberField label={t("map.looks_to")} value={part.heading} least={0} most={359} onValue={(heading) => onSet({ heading })} />
      <NumberField label={t("map.hangs")} value={part.height_m} least={0} most={100} step={0.1} onValue={(height_m) => onSet({ height_m })} />
    </div>
  );
}

/** Those that are known, and the one that it is linked to even while its node says nothing. */
const linked = (known: readonly string[], node: string | null, name: string | null): string[] =>
  [...new Set([...known, ...(node === null ? [] : [`${node}/${name}`])])].toSorted();

function halves(id: string): [string, string] {
  const cut = id.indexOf("/");
  return [id.slice(0, cut), id.slice(cut + 1)];
}
