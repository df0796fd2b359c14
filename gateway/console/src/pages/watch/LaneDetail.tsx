// One lane: the last answer with what it rests on, what the barrier did, and how its devices are.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../components/Dialog";
import { FacePair } from "../../components/FacePair";
import { LaneMark } from "../../components/LaneMark";
import { LaneWho } from "../../components/LaneWho";
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
    <dl className="facts lane-stands">
      <div>
        <dt>{t("lane.ends")}</dt>
        <dd className="number">{until === null ? t("lane.ends_by_word") : times.until(until, now)}</dd>
      </div>
      {by !== "" && (
        <div>
          <dt>{t("lane.ordered_by")}</dt>
          <dd>{by}</dd>
        </div>
      )}
      {why !== "" && (
        <div>
          <dt>{t("order.why")}</dt>
          <dd>{why}</dd>
        </div>
      )}
    </dl>
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
      <dl className="facts">
        <div>
          <dt>{t("lane.decided")}</dt>
          <dd className="number">{times.clock(decision.time)}</dd>
        </div>
        {actuated !== null && (
          <div className={actuated.result === "done" ? undefined : "bad"}>
            <dt>{t("lane.barrier")}</dt>
            <dd>
              <span className="number">{times.clock(actuated.time)}</span> {t(`lane.action_${actuated.action}`)} · {t(`lane.result_${actuated.result}`)}
              {actuated.result !== "done" && actuated.detail !== "" && ` · ${actuated.detail}`}
            </dd>
          </div>
        )}
        {(["cards", "opened", "refused"] as const).map((name) => (
          <div key={name}>
            <dt>{t(`lane.count_${name}`)}</dt>
            <dd className="number">{lane.known?.[name]}</dd>
          </div>
        ))}
      </dl>
      <EvidenceStrip evidence={decision.evidence} />
    </>
  );
}
