// From where the site is looked at: turned by mouse, thumb and keys, never from below the ground.
import { useThree } from "@react-three/fiber";
import { useEffect, useRef } from "react";
import { PerspectiveCamera, Vector3 } from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { Sheet } from "../../../api/sitePlan";
import { metresPerUnit } from "../../../logic/plan/metres";

export interface Gaze {
  from: "south" | "above";
  /** Pressed again, it leads back there again. */
  count: number;
}

const WAYS: Record<Gaze["from"], Vector3> = { south: new Vector3(0, 0.75, 1), above: new Vector3(0, 1, 0.001) };

export function View({ sheet, height, gaze }: { sheet: Sheet; height: number; gaze: Gaze }): null {
  const { camera, gl, size, invalidate } = useThree();
  const controls = useRef<OrbitControls | null>(null);
  useEffect(() => {
    const made = new OrbitControls(camera, gl.domElement);
    made.maxPolarAngle = Math.PI * 0.48;
    made.minDistance = 3;
    made.maxDistance = sheet.metres_wide * 4 + 100;
    made.addEventListener("change", () => invalidate());
    controls.current = made;
    return () => made.dispose();
  }, [camera, gl, invalidate, sheet.metres_wide]);
  const ratio = size.width / Math.max(1, size.height);
  useEffect(() => {
    if (!(camera instanceof PerspectiveCamera)) return;
    const half = Math.tan((camera.fov * Math.PI) / 360);
    const deep = sheet.height * metresPerUnit(sheet);
    const far = Math.max(sheet.metres_wide / ratio, deep) / (2 * half) + height;
    camera.position.copy(WAYS[gaze.from].clone().normalize().multiplyScalar(far * 1.05));
    camera.lookAt(0, 0, 0);
    controls.current?.target.set(0, 0, 0);
    controls.current?.update();
    invalidate();
  }, [camera, sheet, height, gaze, ratio, invalidate]);
  return null;
}
