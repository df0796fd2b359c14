// An imported model, where its origin was put. The gateway has looked through it; what it shows is drawn by this page.
import { useThree } from "@react-three/fiber";
import { type ReactElement, useEffect, useState } from "react";
import { type Group, Mesh, TextureLoader } from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { fileAddress, type PlanModel, type Sheet } from "../../../api/sitePlan";
import { toMetres, turnOf } from "../../../logic/plan/metres";

export function Model({ model, sheet }: { model: PlanModel; sheet: Sheet }): ReactElement | null {
  const scene = useModel(model.sha256);
  const { x, z } = toMetres(sheet, model.at);
  if (scene === null) return null;
  return <primitive object={scene} position={[x, model.base_m, z]} rotation-y={turnOf(model.heading)} scale={model.scale} />;
}

/** Null until it is there. What cannot be drawn is thrown, and the flat plan stands there instead. */
function useModel(sha256: string): Group | null {
  const [found, setFound] = useState<Group | null>(null);
  const [fault, setFault] = useState<Error | null>(null);
  const invalidate = useThree((three) => three.invalidate);
  useEffect(() => {
    let wanted = true;
    const shown = (scene: Group): void => {
      if (wanted) setFound(scene);
      else release(scene);
      invalidate();
    };
    loader().loadAsync(fileAddress(sha256)).then(({ scene }) => shown(scene), (error: unknown) => setFault(new Error("model", { cause: error })));
    return () => {
      wanted = false;
      setFound((before) => (before && release(before), null));
    };
  }, [sha256, invalidate]);
  if (fault !== null) throw fault;
  return found;
}

function loader(): GLTFLoader {
  return new GLTFLoader().register((parser) => {
    // Pictures through an image: by default they are fetched from a blob, which the security policy forbids.
    parser.textureLoader = new TextureLoader(parser.options.manager);
    return { name: "pictures" };
  });
}

function release(scene: Group): void {
  scene.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    part.geometry.dispose();
    for (const material of [part.material].flat()) material.dispose();
  });
}
