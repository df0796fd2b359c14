// The site from above: every gate, camera and alert can be pressed, reached by key, and is told to who cannot see it.
import { type KeyboardEvent, type ReactElement, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Point } from "../../api/sitePlan";
import { SIGNS, SHAPES } from "../../components/severityShapes";
import { type Raised, type Spot, spotsOf } from "../../logic/plan/standing";
import { CameraShape, GateShape, PlanBase, pointsText } from "./PlanBase";
import type { Stage } from "./useStage";
import { useWidth } from "./useWidth";
import { spotLabel } from "./words";

interface Props {
  stage: Stage;
  chosen: string | null;
  /** Of a person's day, as far as it is drawn. */
  trail: readonly Point[];
  onChoose(id: string): void;
}

export function PlanSvg({ stage, chosen, trail, onChoose }: Props): ReactElement {
  const { t } = useTranslation();
  const place = useRef<SVGSVGElement>(null);
  const { drawing } = stage;
  const { width, height } = drawing.sheet;
  const unit = width / useWidth(place);
  const here = trail.at(-1);
  return (
    <svg ref={place} className="map-flat" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={t("map.flat_label")}>
      <PlanBase drawing={drawing} unit={unit} chosen={chosen} />
      {trail.length > 0 && <polyline className="map-trail" points={pointsText(trail)} strokeWidth={4 * unit} />}
      {spotsOf(drawing).map((spot) => (
        <SpotMark key={spot.part.id} spot={spot} stage={stage} unit={unit} chosen={chosen === spot.part.id} onChoose={onChoose} />
      ))}
      {here !== undefined && <circle className="map-here" cx={here[0]} cy={here[1]} r={9 * unit} strokeWidth={3 * unit} />}
    </svg>
  );
}

interface MarkProps {
  spot: Spot;
  stage: Stage;
  unit: number;
  chosen: boolean;
  onChoose(id: string): void;
}

function SpotMark({ spot, stage, unit, chosen, onChoose }: MarkProps): ReactElement {
  const { t } = useTranslation();
  const { part } = spot;
  const state = stage.gates.get(part.id);
  const raised = stage.raised.find((each) => each.spot.part.id === part.id);
  const [x, y] = part.at;
  return (
    <Pressed
      label={spotLabel(t, spot, state, raised)}
      id={part.id}
      state={spot.kind === "gate" ? (state ?? "unlinked") : undefined}
      chosen={chosen}
      onPress={() => onChoose(part.id)}
    >
      <circle className="map-reach" cx={x} cy={y} r={22 * unit} strokeWidth={3 * unit} />
      {spot.kind === "gate" ? (
        <GateShape gate={spot.part} drawing={stage.drawing} unit={unit} state={state} />
      ) : (
        <CameraShape camera={spot.part} unit={unit} />
      )}
      <text className="map-name" x={x} y={y + 32 * unit} fontSize={12 * unit} strokeWidth={3 * unit}>
        {part.name}
      </text>
      {raised !== undefined && <AlertMark raised={raised} unit={unit} />}
    </Pressed>
  );
}

/** The severity's own shape above the place, with how many there are. */
function AlertMark({ raised, unit }: { raised: Raised; unit: number }): ReactElement {
  const [x, y] = raised.spot.part.at;
  const size = unit * (raised.waiting ? 1 : 0.75);
  return (
    <g
      className={`severity severity-${raised.severity}${raised.waiting ? " map-waiting" : ""}`}
      data-raised={raised.severity}
      transform={`translate(${x - 16 * size} ${y - 44 * unit}) scale(${size})`}
    >
      <path className="severity-shape" d={SHAPES[raised.severity]} />
      <path className="severity-sign" d={SIGNS[raised.severity]} />
      {raised.alerts.length > 1 && (
        <text className="map-count" x={36} y={24} fontSize={18} strokeWidth={4}>
          {raised.alerts.length}
        </text>
      )}
    </g>
  );
}

interface PressedProps {
  label: string;
  id: string;
  state: string | undefined;
  chosen: boolean;
  onPress(): void;
  children: ReactNode;
}

function Pressed({ label, id, state, chosen, onPress, children }: PressedProps): ReactElement {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onPress();
  };
  return (
    <g className="map-spot" role="button" tabIndex={0} aria-label={label} aria-pressed={chosen} data-spot={id} data-state={state} onClick={onPress} onKeyDown={pressed}>
      {children}
    </g>
  );
}
