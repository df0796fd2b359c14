// The plan beside the list of everything on it; what is pressed in either is told in the same place.
import { lazy, type ReactElement, Suspense, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Drawing, Point } from "../../api/sitePlan";
import { Loading } from "../../components/Loaded";
import { useRoute } from "../../state/route";
import { Chosen } from "./Chosen";
import { PartList } from "./PartList";
import { PlanSvg } from "./PlanSvg";
import { SolidBoundary } from "./SolidBoundary";
import { type Stage, useSeesLanes, useStage } from "./useStage";
import { canSolid, useView } from "./view";
import { WayPanel } from "./WayPanel";

const Solid = lazy(async () => ({ default: (await import("./scene/Solid")).Solid }));

export function MapView({ drawing }: { drawing: Drawing }): ReactElement {
  const { t } = useTranslation();
  const stage = useStage(drawing);
  const [chosen, choose] = useChosen(stage);
  const [trail, setTrail] = useState<readonly Point[]>([]);
  const [following, follow] = useState(false);
  const sight = useSeesLanes();
  const onTrail = useCallback((points: readonly Point[]) => setTrail(points), []);
  return (
    <div className="map-body">
      <div className="map-stage">
        <Shown stage={stage} chosen={chosen} trail={trail} onChoose={choose} />
      </div>
      <div className="map-side panel-scroll" role="group" tabIndex={0} aria-label={t("map.list")}>
        {sight && (
          <div className="map-switch" role="group" aria-label={t("map.list")}>
            <button type="button" className="chip" aria-pressed={!following} onClick={() => follow(false)}>
              {t("map.now")}
            </button>
            <button type="button" className="chip" aria-pressed={following} onClick={() => follow(true)}>
              {t("map.way")}
            </button>
          </div>
        )}
        {chosen !== null && <Chosen key={chosen} stage={stage} id={chosen} onClose={() => choose(null)} />}
        {following ? <WayPanel drawing={drawing} onTrail={onTrail} /> : <PartList stage={stage} chosen={chosen} onChoose={choose} />}
      </div>
    </div>
  );
}

/** What is pressed; at first what the address names, or where its alert is. */
function useChosen(stage: Stage): [string | null, (id: string | null) => void] {
  const { id, query } = useRoute();
  const alert = query["alert"];
  const [pressed, press] = useState<string | null>();
  const there = stage.raised.find(({ alerts }) => alerts.some((each) => each.id === alert))?.spot.part.id;
  return [pressed === undefined ? (there ?? id) : pressed, press];
}

interface ShownProps {
  stage: Stage;
  chosen: string | null;
  trail: readonly Point[];
  onChoose(id: string | null): void;
}

function Shown(props: ShownProps): ReactElement {
  const { t } = useTranslation();
  const { view } = useView();
  const [able] = useState(canSolid);
  const flat = <PlanSvg {...props} />;
  if (!able) {
    return (
      <>
        <p className="map-note">{t("map.no_solid")}</p>
        {flat}
      </>
    );
  }
  if (view === "flat") return flat;
  return (
    <SolidBoundary fallback={flat}>
      <Suspense fallback={<Loading />}>
        <Solid {...props} />
      </Suspense>
    </SolidBoundary>
  );
}
