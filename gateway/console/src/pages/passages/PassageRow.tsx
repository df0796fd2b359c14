// One passage in the list.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../../api/types";
import { CandidateBadge, SyntheticBadge } from "../../components/Badges";
import { DirectionMark } from "../../components/DirectionMark";
import { PassageTitle } from "../../components/PassageTitle";
import { Picture } from "../../components/Picture";
import { bodyKind, passageKind, scoreText } from "../../i18n/codes";
import { bestEvidence, directionOf, missingIcon } from "../../logic/passages";
import { passagePlace } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";

interface Props {
  passage: Passage;
  onOpen(passage: Passage): void;
}

export function PassageRow({ passage, onOpen }: Props): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  const best = bestEvidence(passage.evidence);
  const isPlate = best?.kind === "plate";
  return (
    <button type="button" className="row passage" data-passage={passage.id} onClick={() => onOpen(passage)}>
      <span className="thumb">
        <Picture
          url={best?.picture ?? null}
          alt=""
          missing={missingIcon(passage)}
          missingText=""
          fit={isPlate ? "contain" : "cover"}
        />
      </span>
      <span className="row-text">
        <PassageTitle passage={passage} />
        <span className="row-meta">
          <span>{passageKind(t, passage.kind)}</span>
          {passage.body !== null && passage.kind !== "body" && <span>{bodyKind(t, passage.body)}</span>}
          {passage.score !== null && (isPlate || passage.person !== null) && (
            <span>
              {t(isPlate ? "face.plate_score" : "face.score")} <span className="number">{scoreText(t, isPlate ? "plate" : "face", passage.score)}</span>
            </span>
          )}
          {passage.person !== null && passage.person.group !== "" && <span>{passage.person.group}</span>}
        </span>
      </span>
      <span className="passage-badges">
        {passage.candidate && <CandidateBadge />}
        {passage.synthetic && <SyntheticBadge />}
        {passage.alert_ids.length > 0 && <span className="badge badge-alert">{t("passages.has_alert")}</span>}
      </span>
      <DirectionMark direction={directionOf(passage)} />
      <span className="passage-camera">{passagePlace(site, passage)}</span>
      <time className="number passage-time" dateTime={passage.time}>
        {times.full(passage.time)}
      </time>
    </button>
  );
}
