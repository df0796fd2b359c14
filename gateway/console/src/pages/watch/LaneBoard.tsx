// Every lane that opens something: how it is, and what it answered last.
import { memo, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Age } from "../../components/Age";
import { LaneMark } from "../../components/LaneMark";
import { LaneUntil } from "../../components/LaneUntil";
import { LaneWho } from "../../components/LaneWho";
import { deviceCause, reasonText } from "../../i18n/codes";
import { ailing, justRefused, laneState, type ShownLane, standingOf } from "../../logic/lanes";
import { laneName } from "../../logic/places";
import { useLine } from "../../state/line";
import { useNow } from "../../state/now";
import { useSiteOrder } from "../../state/queries";
import { useSite } from "../../state/session";
import { Hands } from "../hands/Hands";
import { LaneDetail } from "./LaneDetail";
import { SiteOrderBanner } from "./SiteOrderBanner";
import { SiteOrders } from "./SiteOrders";

export const LaneBoard = memo(function LaneBoard({ lanes }: { lanes: readonly ShownLane[] }): ReactElement {
  const { t } = useTranslation();
  const [chosen, choose] = useState<string | null>(null);
  const [ordering, order] = useState(false);
  const open = lanes.find((lane) => lane.id === chosen);
  // One gate that is locked for weeks must not stand in the way of a lockdown.
  const ordered = useSiteOrder().data?.state === "locked";
  const locked = ordered || lanes.every((lane) => lane.known?.standing === "locked");
  return (
    <section className="gates" aria-label={t("lane.title")}>
      <SiteOrderBanner />
      <div className="lanes">
        {lanes.map((lane) => (
          <LaneTile key={lane.id} lane={lane} onOpen={() => choose(lane.id)} />
        ))}
      </div>
      <Hands lanes={lanes} />
      <button type="button" className={locked ? "button" : "button button-grave"} data-order="all" onClick={() => order(true)}>
        {t(locked ? "order.all_end" : "order.all_locked")}…
      </button>
      {ordering && <SiteOrders first={locked ? "normal" : "locked"} onClose={() => order(false)} />}
      {open && <LaneDetail lane={open} onClose={() => choose(null)} />}
    </section>
  );
});

function LaneTile({ lane, onOpen }: { lane: ShownLane; onOpen(): void }): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const now = useNow();
  const connected = useLine((line) => line.state !== "lost");
  const state = laneState(lane, now, connected);
  const refused = connected && justRefused(lane, now);
  const decision = lane.known?.decision ?? null;
  const until = standingOf(lane)?.until ?? null;
  const [trouble] = ailing(lane.devices);
  return (
    <button
      type="button"
      className={refused ? "lane lane-refused" : "lane"}
      data-lane={lane.id}
      data-state={state}
      onClick={onOpen}
    >
      <span className="lane-head">
        <span className="lane-name">{laneName(site, lane.lane)}</span>
        <LaneMark state={state} />
        <LaneUntil until={until} />
      </span>
      {trouble ? (
        <span className="lane-said lane-trouble" title={trouble.detail}>
          {t(`device.${trouble.kind}`)} {trouble.id} · {deviceCause(t, trouble)}
        </span>
      ) : decision === null ? (
        <span className="lane-said quiet">{t("lane.no_decision")}</span>
      ) : (
        <span className="lane-said" data-verdict={decision.by_hand ? undefined : decision.verdict}>
          {!decision.by_hand && <b>{t(`lane.verdict_${decision.verdict}`)}</b>} <LaneWho decision={decision} />
          <span className="lane-reason">{reasonText(t, decision.reason)}</span>
          <span className="quiet">
            <Age time={decision.time} />
          </span>
        </span>
      )}
    </button>
  );
}
