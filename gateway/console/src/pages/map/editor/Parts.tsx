// Everything drawn, as a list: chosen by a press, with what is wrong with it.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Fault } from "../../../logic/plan/check";
import { partsOf } from "../../../logic/plan/edit";
import type { Desk } from "./useDrawing";

export function Parts({ desk, faults }: { desk: Desk; faults: readonly Fault[] }): ReactElement {
  const { t } = useTranslation();
  const parts = partsOf(desk.drawing);
  return (
    <section aria-label={t("map.parts")}>
      <h2>{t("map.parts")}</h2>
      {parts.length === 0 && <p className="quiet">{t("map.nothing_drawn")}</p>}
      <ul className="map-list">
        {parts.map(({ kind, part }) => {
          const fault = faults.find(({ id }) => id === part.id);
          return (
            <li key={part.id}>
              <button type="button" className="map-item" aria-pressed={desk.chosen === part.id} onClick={() => desk.choose(part.id)}>
                <b>{part.name}</b>
                <span className="quiet">{t(`map.${kind}`)}</span>
                {fault !== undefined && <span className="map-fault">{t(`map.fault_${fault.code}`)}</span>}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
