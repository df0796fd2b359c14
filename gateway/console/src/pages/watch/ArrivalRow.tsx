// One passage in the stream.
import { memo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../../api/types";
import { CandidateBadge, SyntheticBadge } from "../../components/Badges";
import { DirectionMark } from "../../components/DirectionMark";
import { PassageTitle } from "../../components/PassageTitle";
import { Picture } from "../../components/Picture";
import { bestEvidence, directionOf, missingIcon } from "../../logic/passages";
import { passagePlace } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";

export const ArrivalRow = memo(function ArrivalRow({ passage }: { passage: Passage }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  const best = bestEvidence(passage.evidence);
  const isPlate = best?.kind === "plate";
  return (
    <li className={passage.alert_ids.length > 0 ? "arrival arrival-alert" : "arrival"} data-passage={passage.id}>
      <span className="thumb">
        <Picture
          url={best?.picture ?? null}
          alt={t("face.captured_alt", { camera: passage.camera })}
          missing={missingIcon(passage)}
          missingText=""
          fit={isPlate ? "contain" : "cover"}
        />
      </span>
      <span className="arrival-text">
        <PassageTitle passage={passage} />
        <span className="arrival-meta">
          <DirectionMark direction={directionOf(passage)} />
          <span>{passagePlace(site, passage)}</span>
        </span>
      </span>
      <span className="arrival-side">
        <time className="number" dateTime={passage.time}>
          {times.clock(passage.time)}
        </time>
        <span className="arrival-badges">
          {passage.candidate && <CandidateBadge />}
          {passage.synthetic && <SyntheticBadge />}
          {passage.alert_ids.length > 0 && <span className="badge badge-alert">{t("passages.has_alert")}</span>}
        </span>
      </span>
    </li>
  );
});
