// While nothing needs the guard: the latest passage, large.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../../api/types";
import { SyntheticBadge } from "../../components/Badges";
import { DirectionMark } from "../../components/DirectionMark";
import { FacePair } from "../../components/FacePair";
import { Empty } from "../../components/Loaded";
import { PassageTitle } from "../../components/PassageTitle";
import { CandidateBanner } from "../alerts/CandidateBanner";
import { directionOf, isByCardAlone } from "../../logic/passages";

export function FocusPassage({ passage }: { passage: Passage | undefined }): ReactElement {
  const { t } = useTranslation();
  if (passage === undefined) {
    return <Empty icon="watch" title={t("watch.nothing_selected")} text={t("watch.no_arrivals_text")} />;
  }
  return (
    <>
      <header className="focus-head">
        <div>
          <span className="focus-kicker">{t("watch.latest")}</span>
          <h2>
            <PassageTitle passage={passage} />
          </h2>
        </div>
        <span className="focus-badges">
          {passage.synthetic && <SyntheticBadge />}
          <DirectionMark direction={directionOf(passage)} />
        </span>
      </header>
      <div className="focus-body" role="group" aria-label={t("watch.latest")} tabIndex={0}>
        {passage.candidate && <CandidateBanner />}
        <FacePair
          evidence={passage.evidence}
          person={passage.person}
          plate={passage.plate}
          plateColour={passage.plate_colour}
          candidate={passage.candidate}
          card={isByCardAlone(passage) ? "unseen" : null}
        />
      </div>
    </>
  );
}
