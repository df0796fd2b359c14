// One passage with its evidence: in a dialog, and in the replay of a day.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../../api/types";
import { SyntheticBadge } from "../../components/Badges";
import { DirectionMark } from "../../components/DirectionMark";
import { FacePair } from "../../components/FacePair";
import { Fact, Facts } from "../../components/Facts";
import { PassageTitle } from "../../components/PassageTitle";
import { reasonText } from "../../i18n/codes";
import { directionOf, isByCardAlone } from "../../logic/passages";
import { routeTo } from "../../logic/route";
import { useTimes } from "../../state/times";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { EvidenceStrip } from "../alerts/EvidenceStrip";

export function PassageFacts({ passage }: { passage: Passage }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <div className="detail">
      <p className="passage-head">
        <PassageTitle passage={passage} />
        <DirectionMark direction={directionOf(passage)} />
        {passage.synthetic && <SyntheticBadge />}
        <time dateTime={passage.time}>{times.full(passage.time)}</time>
      </p>
      {passage.candidate && <CandidateBanner />}
      <FacePair
        evidence={passage.evidence}
        person={passage.person}
        plate={passage.plate}
        plateColour={passage.plate_colour}
        candidate={passage.candidate}
        card={isByCardAlone(passage) ? "unseen" : null}
      />
      <Facts>
        <Fact name={t("passages.reason")}>{reasonText(t, passage.reason)}</Fact>
      </Facts>
      <EvidenceStrip evidence={passage.evidence} />
      {passage.alert_ids.map((id) => (
        <a key={id} className="button" href={routeTo("alerts", id)}>
          {t("passages.open_alert")}
        </a>
      ))}
    </div>
  );
}
