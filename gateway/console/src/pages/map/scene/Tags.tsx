// Names and alerts as plain buttons over the picture: read aloud, reached by key, sharp on every screen.
import { useFrame, useThree } from "@react-three/fiber";
import { type ReactElement, type RefObject, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Vector3 } from "three";
import { SeverityMark } from "../../../components/SeverityMark";
import { spotsOf } from "../../../logic/plan/standing";
import type { Stage } from "../useStage";
import { spotLabel } from "../words";

export interface Anchor {
  id: string;
  x: number;
  y: number;
  z: number;
}

const place = new Vector3();

/** Within the picture: moves each button to where its place is seen, and hides what is out of sight. */
export function Follow({ anchors, place: tags }: { anchors: readonly Anchor[]; place: RefObject<HTMLDivElement | null> }): null {
  const invalidate = useThree((three) => three.invalidate);
  useEffect(() => {
    invalidate();
  });
  useFrame(({ camera, size }) => {
    for (const { id, x, y, z } of anchors) {
      const tag = tags.current?.querySelector<HTMLElement>(`[data-spot="${CSS.escape(id)}"]`);
      if (!tag) continue;
      place.set(x, y, z).project(camera);
      const seen = Math.abs(place.x) <= 1 && Math.abs(place.y) <= 1 && place.z < 1;
      tag.style.visibility = seen ? "visible" : "hidden";
      const [right, down] = [((place.x + 1) / 2) * size.width, ((1 - place.y) / 2) * size.height];
      tag.style.transform = `translate(-50%, -100%) translate(${right.toFixed(1)}px, ${down.toFixed(1)}px)`;
    }
  });
  return null;
}

interface Props {
  stage: Stage;
  chosen: string | null;
  onChoose(id: string): void;
}

export function Tags({ stage, chosen, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {[...stage.drawing.buildings, ...stage.drawing.zones].map(({ id, name }) => (
        <button key={id} type="button" className="map-tag map-tag-area" data-spot={id} aria-pressed={chosen === id} onClick={() => onChoose(id)}>
          {name}
        </button>
      ))}
      {spotsOf(stage.drawing).map((spot) => {
        const { part } = spot;
        const state = stage.gates.get(part.id);
        const raised = stage.raised.find((each) => each.spot.part.id === part.id);
        return (
          <button
            key={part.id}
            type="button"
            className="map-tag"
            data-spot={part.id}
            data-state={state}
            data-raised={raised?.severity}
            aria-pressed={chosen === part.id}
            aria-label={spotLabel(t, spot, state, raised)}
            onClick={() => onChoose(part.id)}
          >
            {raised !== undefined && <SeverityMark severity={raised.severity} />}
            {raised !== undefined && raised.alerts.length > 1 && <b>{raised.alerts.length}</b>}
            <span>{part.name}</span>
          </button>
        );
      })}
    </>
  );
}
