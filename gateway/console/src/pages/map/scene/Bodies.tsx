// What does not move: the ground with its picture, buildings by their storeys, zones on their floors.
import { type ThreeEvent, useThree } from "@react-three/fiber";
import { type ReactElement, useEffect, useMemo, useState } from "react";
import { EdgesGeometry, SRGBColorSpace, type Texture, TextureLoader } from "three";
import { type Drawing, fileAddress, type Sheet } from "../../../api/sitePlan";
import { metresPerUnit, slab, type Solid, storeys } from "../../../logic/plan/metres";
import type { Colours } from "./colours";
import { extrude } from "./extrude";

export function Ground({ sheet, colours }: { sheet: Sheet; colours: Colours }): ReactElement {
  const picture = usePicture(sheet.picture);
  const high = sheet.height * metresPerUnit(sheet);
  return (
    <mesh rotation-x={-Math.PI / 2} position-y={-0.05}>
      <planeGeometry args={[sheet.metres_wide, high]} />
      {/* By its key: a material that gets its first picture must be made anew. */}
      <meshBasicMaterial key={picture?.uuid ?? "blank"} color={picture === null ? colours.ground : colours.paper} map={picture} />
    </mesh>
  );
}

/** Null until it is there, and where it cannot be fetched: the site is drawn without it. */
function usePicture(sha256: string | null): Texture | null {
  const [picture, setPicture] = useState<Texture | null>(null);
  const invalidate = useThree((three) => three.invalidate);
  useEffect(() => {
    if (sha256 === null) return undefined;
    const texture = new TextureLoader().load(fileAddress(sha256), () => {
      texture.colorSpace = SRGBColorSpace;
      setPicture(texture);
      invalidate();
    });
    return () => {
      setPicture(null);
      texture.dispose();
    };
  }, [sha256, invalidate]);
  return picture;
}

interface Props {
  drawing: Drawing;
  colours: Colours;
  chosen: string | null;
  onChoose(id: string): void;
}

export function Bodies({ drawing, colours, chosen, onChoose }: Props): ReactElement {
  const press = (id: string) => (event: ThreeEvent<MouseEvent>) => {
    event.stopPropagation();
    onChoose(id);
  };
  return (
    <>
      {drawing.buildings.map((building) => (
        <group key={building.id} onClick={press(building.id)}>
          {storeys(drawing.sheet, building).map((storey) => (
            <Body key={storey.id} solid={storey} colour={building.id === chosen ? colours.zone : colours.building} edge={colours.edge} opacity={0.55} />
          ))}
        </group>
      ))}
      {drawing.zones.map((zone) => (
        <group key={zone.id} onClick={press(zone.id)}>
          <Body solid={slab(drawing, zone)} colour={colours.zone} edge={colours.zone} opacity={zone.id === chosen ? 0.8 : 0.35} />
        </group>
      ))}
    </>
  );
}

function Body({ solid, colour, edge, opacity }: { solid: Solid; colour: string; edge: string; opacity: number }): ReactElement {
  const key = JSON.stringify(solid);
  // By what it is, not by which object says so: a live event must not build the whole school anew.
  // oxlint-disable-next-line react/exhaustive-deps
  const mesh = useMemo(() => extrude(solid), [key]);
  const edges = useMemo(() => new EdgesGeometry(mesh, 30), [mesh]);
  useEffect(() => () => void [mesh.dispose(), edges.dispose()], [mesh, edges]);
  return (
    <>
      <mesh geometry={mesh}>
        <meshLambertMaterial color={colour} transparent opacity={opacity} depthWrite={false} />
      </mesh>
      <lineSegments geometry={edges}>
        <lineBasicMaterial color={edge} />
      </lineSegments>
    </>
  );
}
