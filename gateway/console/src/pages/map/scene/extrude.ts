// A body between two heights over an outline, as a mesh. Upright is y, and the outline lies in x and z.
import { ExtrudeGeometry, Shape, Vector2 } from "three";
import type { Solid } from "../../../logic/plan/metres";

/** Its corners are those of the outline, whichever way round it was drawn. */
export function extrude({ outline, bottom, top }: Solid): ExtrudeGeometry {
  // A shape lies in x and y and is drawn out along z; turned up, its y becomes the ground's -z.
  const shape = new Shape(outline.map(({ x, z }) => new Vector2(x, -z)));
  const mesh = new ExtrudeGeometry(shape, { depth: top - bottom, bevelEnabled: false });
  mesh.rotateX(-Math.PI / 2);
  mesh.translate(0, bottom, 0);
  return mesh;
}
