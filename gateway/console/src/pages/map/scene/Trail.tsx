// A person's way so far, a hand's breadth over the ground.
import { type ReactElement, useMemo } from "react";
import { Vector3 } from "three";
import type { Point, Sheet } from "../../../api/sitePlan";
import { toMetres } from "../../../logic/plan/metres";
import type { Colours } from "./colours";

const OVER_M = 0.6;

export function Trail({ sheet, points, colours }: { sheet: Sheet; points: readonly Point[]; colours: Colours }): ReactElement | null {
  const places = points.map((point) => {
    const { x, z } = toMetres(sheet, point);
    return new Vector3(x, OVER_M, z);
  });
  const legs = places.slice(1).map((to, index) => ({ key: `leg-${index}`, from: places[index] ?? to, to }));
  const here = places.at(-1);
  const size = Math.max(0.5, sheet.metres_wide / 130);
  if (here === undefined) return null;
  return (
    <>
      {legs.map(({ key, from, to }) => (
        <Leg key={key} from={from} to={to} thick={size / 3} colour={colours.way} />
      ))}
      <mesh position={here}>
        <sphereGeometry args={[size, 20, 16]} />
        <meshBasicMaterial color={colours.way} />
      </mesh>
    </>
  );
}

/** A rod: lines of a graphics card are a pixel wide everywhere. */
function Leg({ from, to, thick, colour }: { from: Vector3; to: Vector3; thick: number; colour: string }): ReactElement {
  const length = from.distanceTo(to);
  const turn = useMemo(() => Math.atan2(to.x - from.x, to.z - from.z), [from, to]);
  return (
    <mesh position={[(from.x + to.x) / 2, from.y, (from.z + to.z) / 2]} rotation-y={turn}>
      <boxGeometry args={[thick, thick, length]} />
      <meshBasicMaterial color={colour} />
    </mesh>
  );
}
