// What was captured beside what is enrolled, with how alike they are, from where and how old.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence, Person } from "../api/types";
import { bestEvidence, personName } from "../logic/passages";
import { Age } from "./Age";
import { Picture } from "./Picture";
import { PlateBadge } from "./PlateBadge";

interface Props {
  evidence: readonly Evidence[];
  person: Person | null;
  plate: string | null;
  plateColour: string | null;
  /** A candidate's name is a question, never a fact. */
  candidate?: boolean;
}

export function FacePair({ evidence, person, plate, plateColour, candidate = false }: Props): ReactElement {
  const best = bestEvidence(evidence);
  const isPlate = best?.kind === "plate" || (person === null && plate !== null);
  return (
    <div className="pair">
      <div className="pair-pictures">
        <Captured best={best} isPlate={isPlate} />
        {isPlate && person === null ? (
          <PlateSide plate={plate} colour={plateColour} />
        ) : (
          <Enrolled person={person} candidate={candidate} />
        )}
      </div>
      <PairFacts best={best} named={person !== null} />
    </div>
  );
}

function Captured({ best, isPlate }: { best: Evidence | null; isPlate: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <figure className="pair-side">
      <Picture
        url={best?.picture ?? null}
        alt={t("face.captured_alt", { camera: best?.camera ?? "" })}
        missing={isPlate ? "vehicle" : "stranger"}
        fit={isPlate ? "contain" : "cover"}
      />
      <figcaption>{t("face.captured")}</figcaption>
    </figure>
  );
}

function Enrolled({ person, candidate }: { person: Person | null; candidate: boolean }): ReactElement {
  const { t } = useTranslation();
  const caption = candidate && person !== null ? t("candidate.might_be", { name: personName(person) }) : person && personName(person);
  return (
    <figure className="pair-side">
      <Picture
        url={person?.picture ?? null}
        alt={person === null ? "" : t("face.enrolled_alt", { name: personName(person) })}
        missing="stranger"
        missingText={person === null ? t("face.unknown") : t("face.not_enrolled")}
      />
      <figcaption>
        {t("face.enrolled")}
        {caption !== null && <strong>{caption}</strong>}
      </figcaption>
    </figure>
  );
}

function PlateSide({ plate, colour }: { plate: string | null; colour: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="pair-side pair-plate">
      {plate === null ? t("subject.vehicle_unread") : <PlateBadge text={plate} colour={colour} size="large" />}
    </div>
  );
}

/** What the look measured; how near a stranger came to whom is nobody's business. */
function PairFacts({ best, named }: { best: Evidence | null; named: boolean }): ReactElement | null {
  const { t } = useTranslation();
  if (best === null) return null;
  return (
    <dl className="facts">
      {best.score !== null && (named || best.kind !== "face") && (
        <div>
          <dt>{best.kind === "face" ? t("face.score") : t("face.plate_score")}</dt>
          <dd className="number">{best.score.toFixed(2)}</dd>
        </div>
      )}
      {best.margin !== null && named && (
        <div>
          <dt>{t("face.margin")}</dt>
          <dd className="number">+{best.margin.toFixed(2)}</dd>
        </div>
      )}
      <div>
        <dt>{t("face.camera")}</dt>
        <dd>{best.camera}</dd>
      </div>
      <div>
        <dt>{t("face.age")}</dt>
        <dd>
          <Age time={best.at} />
        </dd>
      </div>
    </dl>
  );
}
