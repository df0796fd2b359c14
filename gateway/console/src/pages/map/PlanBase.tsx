// The plan itself, flat: the sheet with its picture, zones and buildings, and what stands on it.
import type { ReactElement } from "react";
import { type Drawing, fileAddress, type Gate, type PlanCamera, type Point } from "../../api/sitePlan";
import type { LaneState } from "../../logic/lanes";
import { across, along, middle, wedge } from "../../logic/plan/geometry";
import { metresPerUnit } from "../../logic/plan/metres";
import { isUp } from "./words";

export const pointsText = (points: readonly Point[]): string => points.map(([x, y]) => `${x},${y}`).join(" ");

interface Props {
  drawing: Drawing;
  /** Units of the plan for one pixel of the screen. */
  unit: number;
  chosen: string | null;
}

export function PlanBase({ drawing, unit, chosen }: Props): ReactElement {
  const { sheet, zones, buildings } = drawing;
  return (
    <>
      <rect className="map-sheet" width={sheet.width} height={sheet.height} />
      {sheet.picture !== null && (
        <image className="map-picture" href={fileAddress(sheet.picture)} width={sheet.width} height={sheet.height} preserveAspectRatio="none" />
      )}
      {buildings.map(({ id, outline }) => (
        <polygon key={id} className="map-building" data-chosen={id === chosen || undefined} points={pointsText(outline)} />
      ))}
      {zones.map(({ id, outline }) => (
        <polygon key={id} className="map-zone" data-chosen={id === chosen || undefined} points={pointsText(outline)} />
      ))}
      {[...buildings, ...zones].map(({ id, name, outline }) => {
        const [x, y] = middle(outline);
        return (
          <text key={id} className="map-name" x={x} y={y} fontSize={12 * unit} strokeWidth={3 * unit}>
            {name}
          </text>
        );
      })}
    </>
  );
}

/** A bar across the way; open, it stands along the way, at one of its posts. */
export function GateShape({ gate, drawing, unit, state }: { gate: Gate; drawing: Drawing; unit: number; state: LaneState | undefined }): ReactElement {
  const width = Math.max(gate.width_m / metresPerUnit(drawing.sheet), 26 * unit);
  const [left, right] = across(gate.at, gate.heading, width);
  const [x, y] = along(gate.heading);
  const end: Point = isUp(state) ? [left[0] + x * width, left[1] + y * width] : right;
  return (
    <>
      <line className="map-way" x1={gate.at[0] - x * 12 * unit} y1={gate.at[1] - y * 12 * unit} x2={gate.at[0] + x * 14 * unit} y2={gate.at[1] + y * 14 * unit} strokeWidth={2 * unit} />
      <polygon className="map-tip" points={pointsText(wedge([gate.at[0] + x * 20 * unit, gate.at[1] + y * 20 * unit], gate.heading + 180, 60, 8 * unit))} />
      <line className="map-bar" x1={left[0]} y1={left[1]} x2={end[0]} y2={end[1]} strokeWidth={5 * unit} />
      <circle className="map-post" cx={left[0]} cy={left[1]} r={4 * unit} />
      <circle className="map-post" cx={right[0]} cy={right[1]} r={4 * unit} />
    </>
  );
}

/** What it looks at, and where it hangs. */
export function CameraShape({ camera, unit }: { camera: PlanCamera; unit: number }): ReactElement {
  return (
    <>
      <polygon className="map-view" points={pointsText(wedge(camera.at, camera.heading, 60, 46 * unit))} />
      <circle className="map-eye" cx={camera.at[0]} cy={camera.at[1]} r={8 * unit} strokeWidth={2 * unit} />
      <circle className="map-lens" cx={camera.at[0]} cy={camera.at[1]} r={3 * unit} />
    </>
  );
}
