// The corners of what is chosen: dragged, moved by arrows, taken away; and a further one in the middle of an edge.
import { type KeyboardEvent, type PointerEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Building, Zone } from "../../../api/sitePlan";
import { moveCorner, removeCorner, splitEdge } from "../../../logic/plan/edit";
import { between } from "../../../logic/plan/geometry";
import { pointOf, strideOf } from "./pointing";
import type { Desk } from "./useDrawing";

interface Props {
  desk: Desk;
  part: Building | Zone;
  unit: number;
}

export function Corners({ desk, part, unit }: Props): ReactElement {
  const { t } = useTranslation();
  const { drawing } = desk;
  const [dragged, drag] = useState<number | null>(null);
  const gesture = (corner: number): string => `corner ${part.id} ${corner}`;
  const down = (event: PointerEvent<SVGGElement>, corner: number): void => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag(corner);
  };
  const move = (event: PointerEvent<SVGGElement>, corner: number): void => {
    if (dragged === corner) desk.change(moveCorner(drawing, part.id, corner, pointOf(event)), gesture(corner));
  };
  const up = (): void => {
    drag(null);
    desk.rest();
  };
  const pressed = (event: KeyboardEvent, corner: number): void => {
    const way = strideOf(event, unit);
    const [x, y] = part.outline[corner] ?? [0, 0];
    if (way !== null) desk.change(moveCorner(drawing, part.id, corner, [x + way[0], y + way[1]]), gesture(corner));
    else if (event.key === "Delete" || event.key === "Backspace") desk.change(removeCorner(drawing, part.id, corner));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // By number: a corner that is being dragged is the same one wherever it is.
  const corners = part.outline.map((point, corner) => ({ key: `corner-${corner}`, point, corner }));
  return (
    <>
      {corners.map(({ key, point, corner }) => {
        const [x, y] = between(point, part.outline[(corner + 1) % part.outline.length] ?? point, 0.5);
        const split = (): void => desk.change(splitEdge(drawing, part.id, corner));
        return (
          <g
            key={key}
            className="map-middle"
            role="button"
            tabIndex={0}
            aria-label={t("map.split", { number: corner + 1 })}
            onPointerDown={(event) => event.stopPropagation()}
            onClick={split}
            onKeyDown={(event) => event.key === "Enter" && split()}
          >
            <circle className="map-touch" cx={x} cy={y} r={16 * unit} />
            <circle cx={x} cy={y} r={5 * unit} strokeWidth={2 * unit} />
          </g>
        );
      })}
      {corners.map(({ key, point: [x, y], corner }) => (
        <g
          key={key}
          className="map-corner"
          role="button"
          tabIndex={0}
          aria-label={t("map.corner", { number: corner + 1 })}
          data-corner={corner}
          onPointerDown={(event) => down(event, corner)}
          onPointerMove={(event) => move(event, corner)}
          onPointerUp={up}
          onPointerCancel={up}
          onKeyDown={(event) => pressed(event, corner)}
        >
          <circle className="map-touch" cx={x} cy={y} r={20 * unit} />
          <circle cx={x} cy={y} r={8 * unit} strokeWidth={3 * unit} />
        </g>
      ))}
    </>
  );
}
