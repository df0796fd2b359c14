// Where it is drawn: by mouse and thumb, and by keys with a cross that the arrows move.
import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Point } from "../../../api/sitePlan";
import type { Fault } from "../../../logic/plan/check";
import { findPart, isArea, movePart, onSheet, type Part, partsOf, removePart } from "../../../logic/plan/edit";
import { distance } from "../../../logic/plan/geometry";
import { CameraShape, GateShape, PlanBase, pointsText } from "../PlanBase";
import { useWidth } from "../useWidth";
import { Corners } from "./Corners";
import { pointOf, strideOf } from "./pointing";
import type { Desk } from "./useDrawing";

/** So near to the first corner, in pixels, a press closes the outline. */
const CLOSES = 14;

interface Drag {
  id: string;
  last: Point;
}

export function EditCanvas({ desk, faults }: { desk: Desk; faults: readonly Fault[] }): ReactElement {
  const { t } = useTranslation();
  const place = useRef<SVGSVGElement>(null);
  const { drawing, tool, chosen, draft } = desk;
  const { width, height } = drawing.sheet;
  const unit = width / useWidth(place);
  const [cross, setCross] = useState<Point | null>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const name = (kind: Exclude<Desk["tool"], "select">): string => t(`map.new_${kind}`);

  const put = (point: Point): void => {
    const first = draft[0];
    if (first !== undefined && draft.length >= 3 && distance(first, point) < CLOSES * unit) desk.finish(name);
    else desk.place(onSheet(drawing.sheet, point), name);
  };
  const down = (event: PointerEvent<SVGSVGElement>): void => {
    const point = pointOf(event);
    if (tool !== "select") return put(point);
    const id = (event.target as Element).closest("[data-part]")?.getAttribute("data-part") ?? null;
    desk.choose(id);
    if (id === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ id, last: point });
  };
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    if (drag === null) return;
    const point = pointOf(event);
    desk.change(movePart(drawing, drag.id, point[0] - drag.last[0], point[1] - drag.last[1]), `move ${drag.id}`);
    setDrag({ ...drag, last: point });
  };
  const up = (): void => {
    setDrag(null);
    desk.rest();
  };
  const pressed = (event: KeyboardEvent): void => {
    const way = strideOf(event, unit);
    if (tool === "select") return keyed(event, desk, way);
    const here = cross ?? [width / 2, height / 2];
    if (way !== null) setCross(onSheet(drawing.sheet, [here[0] + way[0], here[1] + way[1]]));
    else if (event.key === "Enter" || event.key === " ") put(here);
    else if (event.key === "f") desk.finish(name);
    else if (event.key === "Escape") desk.drop();
    else return;
    event.preventDefault();
  };
  const found = findPart(drawing, chosen);
  return (
    // Its keys are told in its label, and it is an application by its role, which the rule does not know.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <svg
      ref={place}
      className="map-flat map-edit"
      data-tool={tool}
      viewBox={`0 0 ${width} ${height}`}
      role="application"
      aria-label={t("map.canvas")}
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onKeyDown={pressed}
    >
      <PlanBase drawing={drawing} unit={unit} chosen={chosen} />
      {partsOf(drawing).map(({ part }) => (
        <Held key={part.id} part={part} desk={desk} unit={unit} faulty={faults.some(({ id }) => id === part.id)} />
      ))}
      {found !== null && isArea(found.part) && <Corners desk={desk} part={found.part} unit={unit} />}
      {draft.length > 0 && <Draft points={draft} unit={unit} />}
      {tool !== "select" && cross !== null && (
        <path className="map-cross" strokeWidth={2 * unit} d={`M${cross[0] - 12 * unit} ${cross[1]}h${24 * unit}M${cross[0]} ${cross[1] - 12 * unit}v${24 * unit}`} />
      )}
    </svg>
  );
}

function keyed(event: KeyboardEvent, desk: Desk, way: Point | null): void {
  if (desk.chosen === null) return;
  if (way !== null) desk.change(movePart(desk.drawing, desk.chosen, way[0], way[1]), `key ${desk.chosen}`);
  else if (event.key === "Delete" || event.key === "Backspace") desk.change(removePart(desk.drawing, desk.chosen));
  else if (event.key === "Escape") desk.choose(null);
  else return;
  event.preventDefault();
}

function Held({ part, desk, unit, faulty }: { part: Part; desk: Desk; unit: number; faulty: boolean }): ReactElement {
  const marks = { "data-part": part.id, "data-chosen": part.id === desk.chosen || undefined, "data-faulty": faulty || undefined };
  if (isArea(part)) return <polygon className="map-hold" {...marks} points={pointsText(part.outline)} strokeWidth={3 * unit} />;
  return (
    <g className="map-spot" {...marks}>
      <circle className="map-reach" cx={part.at[0]} cy={part.at[1]} r={22 * unit} strokeWidth={3 * unit} />
      {"lane" in part ? <GateShape gate={part} drawing={desk.drawing} unit={unit} state={undefined} /> : <CameraShape camera={part} unit={unit} />}
      <text className="map-name" x={part.at[0]} y={part.at[1] + 32 * unit} fontSize={12 * unit} strokeWidth={3 * unit}>
        {part.name}
      </text>
    </g>
  );
}

function Draft({ points, unit }: { points: readonly Point[]; unit: number }): ReactElement {
  return (
    <g className="map-draft">
      <polyline points={pointsText(points)} strokeWidth={3 * unit} />
      {points.map(([x, y], index) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={(index === 0 ? CLOSES / 2 : 5) * unit} strokeWidth={2 * unit} />
      ))}
    </g>
  );
}
