// What a case rests on: an officer's word, which of its times is looked at, and the pictures side by side.
import type { ReactElement, ReactNode } from "react";
import type { Alert } from "../../api/types";
import { FacePair } from "../../components/FacePair";
import { VerdictBanner } from "../../components/VerdictMark";
import { isOfCard, namesOwner, showsSubject } from "../../logic/alerts";
import { CandidateBanner } from "./CandidateBanner";
import { RepeatSteps } from "./RepeatSteps";
import type { RepeatSteps as Steps } from "./useRepeatSteps";

interface Props {
  alert: Alert;
  repeats: Steps;
  /** Above the pictures. */
  notes?: ReactNode;
  /** Where there is no picture. */
  unseen?: ReactNode;
}

export function CaseEvidence({ alert, repeats, notes = null, unseen = null }: Props): ReactElement {
  const { shown } = repeats;
  return (
    <>
      <VerdictBanner alert={alert} />
      {alert.candidate && <CandidateBanner />}
      <RepeatSteps repeats={repeats} />
      {notes}
      {showsSubject(shown) ? (
        <FacePair
          evidence={shown.evidence}
          person={shown.person}
          plate={shown.plate}
          plateColour={shown.plate_colour}
          candidate={alert.candidate}
          card={namesOwner(shown) ? "differs" : isOfCard(shown) ? "unseen" : null}
        />
      ) : (
        unseen
      )}
    </>
  );
}
