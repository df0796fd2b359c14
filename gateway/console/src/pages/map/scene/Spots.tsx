// What is live: bars that rise and fall as their lanes do, cameras, and a pin in its severity's colour where an alert is.
import { type ThreeEvent, useFrame, useThree } from "@react-three/fiber";
import { type ReactElement, useEffect, useRef } from "react";
import type { Group } from "three";
import type { Drawing, Gate, PlanCamera, Sheet } from "../../../api/sitePlan";
import type { LaneState } from "../../../logic/lanes";
import { toMetres, turnOf } from "../../../logic/plan/metres";
import type { Raised } from "../../../logic/plan/standing";
import { isUp } from "../words";
import type { Colours } from "./colours";

type Choose = (id: string) => void;
const POST_M = 1.2;
const UP = (80 * Math.PI) / 180;
/** Of the way that is left, in each frame; a bar is up within half a second. */
const SWING = 0.25;

const press = (choose: Choose, id: string) => (event: ThreeEvent<MouseEvent>) => {
  event.stopPropagation();
  choose(id);
};

interface GatesProps {
  drawing: Drawing;
  states: ReadonlyMap<string, LaneState>;
  colours: Colours;
  onChoose: Choose;
}

export function Gates({ drawing, states, colours, onChoose }: GatesProps): ReactElement {
  return (
    <>
      {drawing.gates.map((gate) => (
        <Bar key={gate.id} gate={gate} sheet={drawing.sheet} state={states.get(gate.id)} colours={colours} onChoose={onChoose} />
      ))}
    </>
  );
}

function colourOf(state: LaneState | undefined, colours: Colours): string {
  if (isUp(state)) return colours.up;
  if (state === "locked" || state === "failed") return colours.wrong;
  return state === "unsure" || state === "opening" ? colours.held : colours.down;
}

function Bar({ gate, sheet, state, colours, onChoose }: { gate: Gate; sheet: Sheet; state: LaneState | undefined; colours: Colours; onChoose: Choose }): ReactElement {
  const bar = useRef<Group>(null);
  const invalidate = useThree((three) => three.invalidate);
  const target = isUp(state) ? UP : 0;
  const { x, z } = toMetres(sheet, gate.at);
  const wide = Math.max(gate.width_m, sheet.metres_wide / 40);
  const thick = Math.max(0.25, sheet.metres_wide / 300);
  useEffect(() => {
    invalidate();
  });
  useFrame(() => {
    const group = bar.current;
    if (group === null) return;
    const left = target - group.rotation.z;
    if (Math.abs(left) < 0.001) return;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches || Math.abs(left) < 0.02;
    group.rotation.z = still ? target : group.rotation.z + left * SWING;
    invalidate();
  });
  const colour = colourOf(state, colours);
  return (
    <group position={[x, 0, z]} rotation-y={turnOf(gate.heading)} onClick={press(onChoose, gate.id)}>
      {[-wide / 2, wide / 2].map((side) => (
        <mesh key={side} position={[side, POST_M / 2, 0]}>
          <boxGeometry args={[thick * 1.4, POST_M, thick * 1.4]} />
          <meshLambertMaterial color={colours.ink} />
        </mesh>
      ))}
      <group ref={bar} position={[-wide / 2, POST_M, 0]}>
        <mesh position={[wide / 2, 0, 0]}>
          <boxGeometry args={[wide, thick, thick]} />
          <meshBasicMaterial color={colour} />
        </mesh>
      </group>
    </group>
  );
}

export function Eyes({ drawing, colours, onChoose }: { drawing: Drawing; colours: Colours; onChoose: Choose }): ReactElement {
  return (
    <>
      {drawing.cameras.map((camera) => (
        <Eye key={camera.id} camera={camera} sheet={drawing.sheet} colours={colours} onChoose={onChoose} />
      ))}
    </>
  );
}

function Eye({ camera, sheet, colours, onChoose }: { camera: PlanCamera; sheet: Sheet; colours: Colours; onChoose: Choose }): ReactElement {
  const { x, z } = toMetres(sheet, camera.at);
  const size = Math.max(0.5, sheet.metres_wide / 160);
  const reach = sheet.metres_wide / 14;
  return (
    <group position={[x, 0, z]} rotation-y={turnOf(camera.heading)} onClick={press(onChoose, camera.id)}>
      <mesh position={[0, camera.height_m / 2, 0]}>
        <cylinderGeometry args={[size / 6, size / 6, Math.max(0.1, camera.height_m), 8]} />
        <meshLambertMaterial color={colours.ink} />
      </mesh>
      <mesh position={[0, camera.height_m, 0]}>
        <boxGeometry args={[size, size * 0.8, size * 1.6]} />
        <meshBasicMaterial color={colours.camera} />
      </mesh>
      {/* As large as a fingertip, and not seen. */}
      <mesh position={[0, camera.height_m, 0]}>
        <sphereGeometry args={[size * 2.4, 12, 8]} />
        <meshBasicMaterial transparent opacity={0} depthWrite={false} />
      </mesh>
      <mesh position={[0, 0.04, 0]} rotation={[-Math.PI / 2, 0, Math.PI / 3]}>
        <circleGeometry args={[reach, 16, 0, Math.PI / 3]} />
        <meshBasicMaterial color={colours.camera} transparent opacity={0.25} depthWrite={false} />
      </mesh>
    </group>
  );
}

export function Pins({ sheet, raised, colours, onChoose }: { sheet: Sheet; raised: readonly Raised[]; colours: Colours; onChoose: Choose }): ReactElement {
  const size = Math.max(0.8, sheet.metres_wide / 70);
  return (
    <>
      {raised.map(({ spot, severity, waiting }) => {
        const { x, z } = toMetres(sheet, spot.part.at);
        const high = size * (waiting ? 3 : 2);
        return (
          <mesh key={spot.part.id} position={[x, POST_M + high / 2 + 0.4, z]} rotation-x={Math.PI} onClick={press(onChoose, spot.part.id)}>
            <coneGeometry args={[size * (waiting ? 1 : 0.7), high, 12]} />
            <meshBasicMaterial color={colours[severity]} />
          </mesh>
        );
      })}
    </>
  );
}
