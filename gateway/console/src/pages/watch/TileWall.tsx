// Every camera live; the one that saw the selected alert stands out.
import { memo, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Dialog } from "../../components/Dialog";
import { cameraName } from "../../logic/places";
import { eyesOf, sees } from "../../logic/tiles";
import { useDesk } from "../../state/desk";
import { useNodes } from "../../state/queries";
import { useSite } from "../../state/session";
import { Tile } from "./Tile";

export const TileWall = memo(function TileWall({ alert }: { alert: Alert | undefined }): ReactElement | null {
  const { t } = useTranslation();
  const site = useSite();
  const wide = useDesk((desk) => desk.wall);
  const showWall = useDesk((desk) => desk.showWall);
  const [chosen, choose] = useState<string | null>(null);
  const eyes = eyesOf(useNodes().data ?? []).map((eye) => ({ eye, id: `${eye.node.id}/${eye.camera.id}` }));
  if (eyes.length === 0) return null;
  const open = eyes.find(({ id }) => id === chosen)?.eye;
  return (
    <section className="panel wall" aria-label={t("tile.title")} data-wide={wide}>
      <header className="panel-head">
        <h2>{t("tile.title")}</h2>
        <button type="button" className="button button-plain wall-widen" aria-pressed={wide} onClick={() => showWall(!wide)}>
          {t(wide ? "tile.narrow" : "tile.wide")} <kbd>L</kbd>
        </button>
      </header>
      <div className="tiles" role="group" aria-label={t("tile.title")} tabIndex={0} data-many={eyes.length > 1}>
        {eyes.map(({ eye, id }) => (
          <Tile key={id} eye={eye} marked={sees(eye, alert)} onOpen={() => choose(id)} />
        ))}
      </div>
      {open && (
        <Dialog title={cameraName(site, open.camera.id, open.node.id)} onClose={() => choose(null)}>
          <div className="tile-large">
            <Tile eye={open} marked={sees(open, alert)} onOpen={() => choose(null)} />
          </div>
        </Dialog>
      )}
    </section>
  );
});
