// One lane: the last answer with what it rests on, what the barrier did, and how its devices are.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/Dialog";
import { FacePair } from "../../components/FacePair";
import { Fact, Facts } from "../../components/Facts";
import { LaneMark } from "../../components/LaneMark";
import { LaneWho } from "../../components/LaneWho";
import { Said } from "../../components/Said";
import { reasonText } from "../../i18n/codes";
import { laneState, type ShownLane, standingOf, whoseOf } from "../../logic/lanes";
import { laneName } from "../../logic/places";
import { useLine } from "../../state/line";
import { useNow } from "../../state/now";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { EvidenceStrip } from "../alerts/EvidenceStrip";
import { Devices } from "../nodes/Devices";
import { LaneOrders } from "./LaneOrders";

export function LaneDetail({ lane, onClose }: { lane: ShownLane; onClose(): void }): ReactElement {
  const site = useSite();
  const now = useNow();
  const connected = useLine((line) => line.state !== "lost");
  const state = laneState(lane, now, connected);
  return (
    <Dialog title={laneName(site, lane.lane)} onClose={onClose}>
      <div className="detail" data-state={state}>
        <p className="lane-now">
          <LaneMark state={state} />
        </p>
        <Standing lane={lane} />
        <LaneOrders lane={lane} />
        <LastAnswer lane={lane} />
        <Devices devices={lane.devices} sinceFetch={0} />
      </div>
    </Dialog>
  );
}

/** Until when, by whom and why the lane is locked or held open. */
function Standing({ lane }: { lane: ShownLane }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  const stands = standingOf(lane);
  if (stands === null) return null;
  const { until, by, why } = stands;
  return (
    <Facts look="lane-stands">
      <Fact name={t("lane.ends")}>{until === null ? t("lane.ends_by_word") : times.until(until, now)}</Fact>
      <Fact name={t("lane.ordered_by")}>{by}</Fact>
      <Fact name={t("order.why")}>{why}</Fact>
    </Facts>
  );
}

function LastAnswer({ lane }: { lane: ShownLane }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const { decision = null, actuated = null } = lane.known ?? {};
  if (lane.known === null || decision === null) return <p className="quiet">{t("lane.no_decision")}</p>;
  const whose = whoseOf(decision);
  // Who drives is not known by the plate: its owner's picture beside a car would say so.
  const person = whose === "car_of" ? null : decision.person;
  const shown = decision.evidence.some((piece) => piece.picture !== null) || person !== null;
  return (
    <>
      <p className="lane-said" data-verdict={decision.by_hand ? undefined : decision.verdict}>
        {!decision.by_hand && <b>{t(`lane.verdict_${decision.verdict}`)}</b>} <LaneWho decision={decision} />
        <span className="lane-reason">{reasonText(t, decision.reason)}</span>
      </p>
      {shown && (
        <FacePair
          evidence={decision.evidence}
          person={person}
          plate={decision.plate}
          plateColour={decision.plate_colour}
          candidate={decision.candidate}
          card={whose !== "card_of" ? null : decision.reason === "face_differs" ? "differs" : "unseen"}
        />
      )}
      <Facts>
        <Fact name={t("lane.decided")}>{times.clock(decision.time)}</Fact>
        {actuated !== null && (
          <Fact name={t("lane.barrier")} bad={actuated.result !== "done"}>
            {times.clock(actuated.time)} {t(`lane.action_${actuated.action}`)} · {t(`lane.result_${actuated.result}`)}
            {actuated.result !== "done" && actuated.detail !== "" && <Said text={actuated.detail} />}
          </Fact>
        )}
        {(["cards", "opened", "refused"] as const).map((name) => (
          <Fact key={name} name={t(`lane.count_${name}`)}>
            {lane.known?.[name]}
          </Fact>
        ))}
      </Facts>
      <EvidenceStrip evidence={decision.evidence} />
    </>
  );
}
