// The site in three dimensions. Nothing is drawn again until something changed, and all of it can be reached beside it.
import { Canvas } from "@react-three/fiber";
import { type ReactElement, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Drawing, Point } from "../../../api/sitePlan";
import { middle } from "../../../logic/plan/geometry";
import { highest, slab, toMetres } from "../../../logic/plan/metres";
import { type Spot, spotsOf } from "../../../logic/plan/standing";
import type { Stage } from "../useStage";
import { Bodies, Ground } from "./Bodies";
import { useColours } from "./colours";
import { Model } from "./Model";
import { Gates, Eyes, Pins } from "./Spots";
import { type Anchor, Follow, Tags } from "./Tags";
import { Trail } from "./Trail";
import { type Gaze, View } from "./View";

interface Props {
  stage: Stage;
  chosen: string | null;
  trail: readonly Point[];
  onChoose(id: string | null): void;
}

/** Signs stand so high over the ground, in metres. */
const SIGN_M = 5;

export function Solid({ stage, chosen, trail, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  const colours = useColours();
  const tags = useRef<HTMLDivElement>(null);
  const [gaze, look] = useState<Gaze>({ from: "south", count: 0 });
  const [lost, lose] = useState(false);
  const { drawing, gates, raised } = stage;
  const { sheet } = drawing;
  const anchors = useMemo(() => anchorsOf(drawing), [drawing]);
  // A card that gave up is not waited for: the flat plan stands there at once.
  if (lost) throw new Error("graphics lost");
  const turn = (from: Gaze["from"]): void => look(({ count }) => ({ from, count: count + 1 }));
  return (
    <div className="map-solid" role="group" aria-label={t("map.solid_label")}>
      <Canvas
        flat
        frameloop="demand"
        dpr={[1, 2]}
        camera={{ fov: 40, near: 0.5, far: sheet.metres_wide * 12 + 500 }}
        onCreated={({ gl }) => gl.domElement.addEventListener("webglcontextlost", () => lose(true))}
        onPointerMissed={() => onChoose(null)}
      >
        <color attach="background" args={[colours.sky]} />
        <ambientLight intensity={1.7} />
        <directionalLight intensity={1.6} position={[sheet.metres_wide, sheet.metres_wide, sheet.metres_wide * 0.4]} />
        <Ground sheet={sheet} colours={colours} />
        <Bodies drawing={drawing} colours={colours} chosen={chosen} onChoose={onChoose} />
        {drawing.model !== null && <Model model={drawing.model} sheet={sheet} />}
        <Gates drawing={drawing} states={gates} colours={colours} onChoose={onChoose} />
        <Eyes drawing={drawing} colours={colours} onChoose={onChoose} />
        <Pins sheet={sheet} raised={raised} colours={colours} onChoose={onChoose} />
        <Trail sheet={sheet} points={trail} colours={colours} />
        <Follow anchors={anchors} place={tags} />
        <View sheet={sheet} height={highest(drawing)} gaze={gaze} />
      </Canvas>
      <div className="map-tags" ref={tags}>
        <Tags stage={stage} chosen={chosen} onChoose={onChoose} />
      </div>
      <div className="map-turns" role="group" aria-label={t("map.turn")}>
        <button type="button" className="button" onClick={() => turn("south")}>
          {t("map.from_south")}
        </button>
        <button type="button" className="button" onClick={() => turn("above")}>
          {t("map.from_above")}
        </button>
      </div>
    </div>
  );
}

/** Where each name stands: over a gate or camera, in the middle of a zone, on top of a building. */
function anchorsOf(drawing: Drawing): Anchor[] {
  const { sheet, buildings, zones } = drawing;
  const spots = spotsOf(drawing).map((spot) => ({ id: spot.part.id, ...toMetres(sheet, spot.part.at), y: signHeight(spot) }));
  const roofs = buildings.map((part) => ({ id: part.id, ...toMetres(sheet, middle(part.outline)), y: part.base_m + part.floors * part.floor_height_m }));
  const floors = zones.map((part) => ({ id: part.id, ...toMetres(sheet, middle(part.outline)), y: slab(drawing, part).top }));
  return [...spots, ...roofs, ...floors];
}

const signHeight = (spot: Spot): number => (spot.kind === "camera" ? Math.max(spot.part.height_m, 1) + 0.8 : SIGN_M - 1.5);
