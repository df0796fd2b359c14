// One camera as it sees now; what is not of now says so, in words and across the picture.
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";
import { cameraHealth } from "../../logic/health";
import { showWithin } from "../../logic/nearest";
import { cameraName } from "../../logic/places";
import { type Eye, tileState } from "../../logic/tiles";
import { useLocalNow } from "../../state/now";
import { useNodes } from "../../state/queries";
import { useSite } from "../../state/session";
import { useNodeHealth, useSinceFetch } from "../nodes/useHealth";
import { useTile } from "./useTile";

interface Props {
  eye: Eye;
  /** The selected alert happened here. */
  marked: boolean;
  onOpen?: () => void;
}

export function Tile({ eye, marked, onOpen }: Props): ReactElement {
  const { t } = useTranslation();
  const place = useRef<HTMLButtonElement>(null);
  const name = cameraName(useSite(), eye.camera.id, eye.node.id);
  const { url, at, since } = useTile(eye.node.id, eye.camera.id, place);
  const now = useLocalNow();
  const seconds = at === null ? null : Math.max(0, (now - at) / 1000);
  const health = cameraHealth(eye.camera, useNodeHealth(eye.node), useSinceFetch(useNodes().dataUpdatedAt));
  const state = tileState(seconds, (now - since) / 1000, health);
  const old = seconds === null ? "" : t("age.seconds", { count: Math.floor(seconds) });
  useEffect(() => {
    if (marked && place.current !== null) showWithin(place.current, place.current.closest(".tiles"));
  }, [marked]);
  return (
    <button
      ref={place}
      type="button"
      className="tile"
      data-tile={`${eye.node.id}/${eye.camera.id}`}
      data-state={state}
      data-marked={marked || undefined}
      onClick={onOpen}
    >
      {url !== null && <img src={url} alt={t("tile.alt", { camera: name })} />}
      {(state === "offline" || state === "blind" || url === null) && (
        <span className="tile-none">
          <Icon name={state === "waiting" || state === "live" ? "camera" : "broken"} />
          <b>{t(`tile.${state}`)}</b>
          {state !== "waiting" && old !== "" && <span>{old}</span>}
        </span>
      )}
      <span className="tile-foot">
        <span className="tile-name">
          {marked && <Icon name="alerts" />}
          {name}
        </span>
        {(state === "live" || state === "late") && (
          <span className="tile-age">{state === "live" ? t("tile.live") : old}</span>
        )}
      </span>
    </button>
  );
}
