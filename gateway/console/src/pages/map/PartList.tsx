// Everything on the plan as a list: what a scene shows to the eye, by key and by ear; alerts first.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { LaneMark } from "../../components/LaneMark";
import { LaneUntil } from "../../components/LaneUntil";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { alertPlace } from "../../logic/places";
import type { Spot } from "../../logic/plan/standing";
import { spotsOf } from "../../logic/plan/standing";
import { routeTo } from "../../logic/route";
import { useSite } from "../../state/session";
import type { Stage } from "./useStage";

interface Props {
  stage: Stage;
  chosen: string | null;
  onChoose(id: string): void;
}

export function PartList({ stage, chosen, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  const { raised, elsewhere, drawing } = stage;
  const spots = spotsOf(drawing);
  const areas = [...drawing.buildings, ...drawing.zones];
  return (
    <>
      <section aria-label={t("map.alerts")}>
        <h2>{t("map.alerts")}</h2>
        {raised.length + elsewhere.length === 0 && <p className="quiet">{t("map.no_alerts")}</p>}
        <ul className="map-list">
          {raised.flatMap(({ spot, alerts }) =>
            alerts.map((alert) => (
              <li key={alert.id}>
                <button type="button" className="map-item" aria-pressed={chosen === spot.part.id} onClick={() => onChoose(spot.part.id)}>
                  <SeverityMark severity={alert.severity} />
                  <b>{alertKind(t, alert.kind)}</b>
                  <span className="quiet">{spot.part.name}</span>
                </button>
              </li>
            )),
          )}
          {elsewhere.map((alert) => (
            <Elsewhere key={alert.id} alert={alert} />
          ))}
        </ul>
      </section>
      <section aria-label={t("map.spots")}>
        <h2>{t("map.spots")}</h2>
        <ul className="map-list">
          {spots.map((spot) => (
            <li key={spot.part.id}>
              <button type="button" className="map-item" aria-pressed={chosen === spot.part.id} onClick={() => onChoose(spot.part.id)}>
                <b>{spot.part.name}</b>
                <SpotState spot={spot} stage={stage} />
              </button>
            </li>
          ))}
        </ul>
        {spots.length === 0 && <p className="quiet">{t("map.no_spots")}</p>}
      </section>
      {areas.length > 0 && (
        <section aria-label={t("map.areas")}>
          <h2>{t("map.areas")}</h2>
          <ul className="map-list map-areas">
            {areas.map(({ id, name }) => (
              <li key={id}>
                <button type="button" className="chip" aria-pressed={chosen === id} onClick={() => onChoose(id)}>
                  {name}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function SpotState({ spot, stage }: { spot: Spot; stage: Stage }): ReactElement {
  const { t } = useTranslation();
  const state = stage.gates.get(spot.part.id);
  if (spot.kind === "camera") return <span className="quiet">{t("map.camera")}</span>;
  if (state === undefined) return <span className="quiet">{t("map.gate")}</span>;
  return (
    <span className="map-gate">
      <LaneMark state={state} /> <LaneUntil until={stage.ends.get(spot.part.id) ?? null} />
    </span>
  );
}

/** It happened where nobody drew anything. */
function Elsewhere({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  return (
    <li>
      <a className="map-item" href={routeTo("alerts", alert.id)}>
        <SeverityMark severity={alert.severity} />
        <b>{alertKind(t, alert.kind)}</b>
        <span className="quiet">
          {alertPlace(site, alert)} · {t("map.not_drawn")}
        </span>
      </a>
    </li>
  );
}
