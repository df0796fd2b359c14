// The guard's screen: what needs somebody beside who is passing, and whether the eyes are open.
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keepSelection } from "../../logic/alerts";
import { shownLanes } from "../../logic/lanes";
import { useDesk } from "../../state/desk";
import { useLanes, useNodes, useStream } from "../../state/queries";
import { useShownAlerts } from "../../state/shown";
import { AlertStrip } from "./AlertStrip";
import { ArrivalStream } from "./ArrivalStream";
import { FocusAlert } from "./FocusAlert";
import { FocusPassage } from "./FocusPassage";
import { LaneBoard } from "./LaneBoard";
import { NodeStrip } from "./NodeStrip";
import { TileWall } from "./TileWall";
import { TodayCounts } from "./TodayCounts";
import { useKeptSelection } from "./useKeptSelection";

export function WatchPage(): ReactElement {
  const { t } = useTranslation();
  const alerts = useShownAlerts();
  const stored = useDesk((desk) => desk.selected);
  const selectedId = keepSelection(alerts, stored);
  const selected = alerts.find((alert) => alert.id === selectedId);
  const latest = useStream().data?.[0];
  const decided = useLanes().data;
  const nodes = useNodes().data;
  const lanes = useMemo(() => shownLanes(decided ?? [], nodes ?? []), [decided, nodes]);
  // Without a camera there is nothing to widen.
  const wide = useDesk((desk) => desk.wall) && (nodes ?? []).some((node) => node.cameras.length > 0);
  useKeptSelection(selectedId);
  return (
    <div className={`watch ${lanes.length > 0 ? "watch-gated" : ""} ${wide ? "watch-wide" : ""}`}>
      <h1 className="hidden">{t("watch.title")}</h1>
      {lanes.length > 0 && <LaneBoard lanes={lanes} />}
      <AlertStrip alerts={alerts} selectedId={selectedId} />
      {!wide && (
        <section className="panel focus" aria-label={selected ? t("watch.focus") : t("watch.latest")}>
          {selected ? <FocusAlert key={selected.id} alert={selected} /> : <FocusPassage passage={latest} />}
        </section>
      )}
      <div className="watch-side">
        <TileWall alert={selected} />
        <ArrivalStream />
      </div>
      <footer className="watch-foot">
        <NodeStrip />
        <TodayCounts />
      </footer>
    </div>
  );
}
