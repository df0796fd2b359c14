// What was pressed: the camera live, the lane as it is, and the alerts that stand there, one press from their case.
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Age } from "../../components/Age";
import { Icon } from "../../components/Icon";
import { LaneMark } from "../../components/LaneMark";
import { LaneUntil } from "../../components/LaneUntil";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { eyeIdOf, type Raised, type Spot, spotsOf } from "../../logic/plan/standing";
import { routeTo } from "../../logic/route";
import { type Eye, eyesOf, sees } from "../../logic/tiles";
import { Tile } from "../watch/Tile";
import { type Stage, useSeesLanes } from "./useStage";

/** More tiles than that are for the watch. */
const MOST_TILES = 2;

interface Props {
  stage: Stage;
  id: string;
  onClose(): void;
}

export function Chosen({ stage, id, onClose }: Props): ReactElement | null {
  const { t } = useTranslation();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // What it answers in newer browsers, a promise, is no clean-up.
    void place.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { drawing } = stage;
  const spot = spotsOf(drawing).find(({ part }) => part.id === id);
  const name = spot?.part.name ?? [...drawing.buildings, ...drawing.zones].find((part) => part.id === id)?.name;
  if (name === undefined) return null;
  return (
    <section ref={place} className="map-chosen" aria-label={name} data-chosen={id}>
      <header>
        <h2>{name}</h2>
        <button type="button" className="button button-plain" aria-label={t("action.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {spot === undefined ? <Area stage={stage} id={id} /> : <SpotFacts stage={stage} spot={spot} />}
    </section>
  );
}

function Area({ stage, id }: { stage: Stage; id: string }): ReactElement {
  const { t } = useTranslation();
  const building = stage.drawing.buildings.find((part) => part.id === id);
  const zone = stage.drawing.zones.find((part) => part.id === id);
  if (building) return <p>{t("map.storeys", { number: building.floors })}</p>;
  const within = stage.drawing.buildings.find((part) => part.id === zone?.building);
  return <p>{within ? t("map.on_floor", { building: within.name, floor: zone?.floor ?? 1 }) : t("map.outdoors")}</p>;
}

function SpotFacts({ stage, spot }: { stage: Stage; spot: Spot }): ReactElement {
  const { t } = useTranslation();
  const sight = useSeesLanes();
  const state = stage.gates.get(spot.part.id);
  const raised = stage.raised.find((each) => each.spot.part.id === spot.part.id);
  const eyes = sight ? eyesAt(stage, spot, raised) : [];
  return (
    <>
      {state !== undefined && (
        <p className="map-gate">
          <LaneMark state={state} /> <LaneUntil until={stage.ends.get(spot.part.id) ?? null} />
        </p>
      )}
      {spot.part.node === null && <p className="quiet">{t("map.unlinked")}</p>}
      {raised?.alerts.map((alert) => (
        <a key={alert.id} className="map-item" href={routeTo("alerts", alert.id)} data-alert={alert.id}>
          <SeverityMark severity={alert.severity} />
          <b>{alertKind(t, alert.kind)}</b>
          <span className="quiet">
            {t(`state.${alert.state}`)} · <Age time={alert.last_at} />
          </span>
        </a>
      ))}
      {eyes.map((eye) => (
        <Tile key={`${eye.node.id}/${eye.camera.id}`} eye={eye} marked={raised?.alerts.some((alert) => sees(eye, alert)) ?? false} />
      ))}
      {sight && (
        <a className="button" href={routeTo("watch")}>
          {t("map.to_watch")}
        </a>
      )}
    </>
  );
}

/** A camera itself; of a gate those that saw its alerts, else those of its node. */
function eyesAt(stage: Stage, spot: Spot, raised: Raised | undefined): Eye[] {
  const eyes = eyesOf(stage.nodes);
  if (spot.kind === "camera") return eyes.filter(({ node, camera }) => `${node.id}/${camera.id}` === eyeIdOf(spot.part));
  const saw = eyes.filter((eye) => raised?.alerts.some((alert) => sees(eye, alert)));
  return (saw.length > 0 ? saw : eyes.filter(({ node }) => node.id === spot.part.node)).slice(0, MOST_TILES);
}
