// Who asked at a lane: a name only where it is certain; of a card in another's hand, or a car, only whose it is.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LaneDecision } from "../api/types";
import { whoseOf } from "../logic/lanes";
import { personName } from "../logic/passages";
import { PlateBadge } from "./PlateBadge";

export function LaneWho({ decision }: { decision: LaneDecision }): ReactElement {
  const { t } = useTranslation();
  const whose = whoseOf(decision);
  const name = decision.person === null ? "" : personName(decision.person);
  return (
    <span className="lane-who">
      {whose === "by_hand" && t("lane.by_hand")}
      {whose === "candidate" && t("candidate.might_be", { name })}
      {whose === "card_of" && t("lane.card_of", { name })}
      {whose === "car_of" && t("lane.car_of", { name })}
      {whose === "person" && name}
      {whose === "nobody" && t("lane.nobody")}
      {decision.plate !== null && <PlateBadge text={decision.plate} colour={decision.plate_colour} />}
    </span>
  );
}
