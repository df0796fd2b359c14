// The site as it was drawn, solid or flat: lanes open and close on it, and alerts stand where they happen.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../../components/Loaded";
import { useRole } from "../../state/session";
import { usePlan } from "../../state/sitePlan";
import "../../styles/map.css";
import { PlanEditor } from "./editor/PlanEditor";
import { MapView } from "./MapView";
import { canSolid, useView } from "./view";

export function MapPage(): ReactElement {
  const { t } = useTranslation();
  const office = useRole() === "admin";
  const [editing, edit] = useState(false);
  const plan = usePlan();
  const drawing = plan.data?.drawing ?? null;
  const nothing = <Empty icon="map" title={t("map.empty")} text={t(office ? "map.empty_office" : "map.empty_text")} />;
  return (
    <section className="panel page map" aria-label={t("map.title")}>
      <header className="panel-head">
        <h1>{t("map.title")}</h1>
        {!editing && drawing !== null && <ViewSwitch />}
        {!editing && office && plan.data !== undefined && (
          <button type="button" className={drawing === null ? "button button-main" : "button"} onClick={() => edit(true)}>
            {t(drawing === null ? "map.begin" : "map.edit")}
          </button>
        )}
      </header>
      {editing && plan.data !== undefined ? (
        <PlanEditor plan={plan.data} onClose={() => edit(false)} />
      ) : (
        <Loaded asked={plan} empty={drawing === null} emptyState={nothing}>
          {drawing !== null && <MapView drawing={drawing} />}
        </Loaded>
      )}
    </section>
  );
}

function ViewSwitch(): ReactElement {
  const { t } = useTranslation();
  const { view, choose } = useView();
  const [able] = useState(canSolid);
  return (
    <div className="map-switch" role="group" aria-label={t("map.view")}>
      <button type="button" className="chip" aria-pressed={able && view === "solid"} disabled={!able} onClick={() => choose("solid")}>
        {t("map.solid")}
      </button>
      <button type="button" className="chip" aria-pressed={!able || view === "flat"} onClick={() => choose("flat")}>
        {t("map.flat")}
      </button>
    </div>
  );
}
