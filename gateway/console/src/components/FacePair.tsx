// What was captured beside what is enrolled, with how alike they are, from where and how old.
// Where nobody is enrolled there is nothing to compare: the picture is larger, with the facts beside it.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Evidence, Person } from "../api/types";
import { ageLabel, deviceLabel, livenessText, scoreText } from "../i18n/codes";
import { hasEyes } from "../logic/evidence";
import { bestEvidence, personName } from "../logic/passages";
import { cameraName, laneName } from "../logic/places";
import { useSite } from "../state/session";
import { Age } from "./Age";
import { Fact, Facts } from "./Facts";
import { Icon } from "./Icon";
import { Picture } from "./Picture";
import { PlateBadge } from "./PlateBadge";

interface Props {
  evidence: readonly Evidence[];
  person: Person | null;
  plate: string | null;
  plateColour: string | null;
  /** A candidate's name is a question, never a fact. */
  candidate?: boolean;
  /** The person is only the owner of the card that was held there; or of one that somebody else had. */
  card?: "unseen" | "differs" | null;
}

export function FacePair({ evidence, person, plate, plateColour, candidate = false, card = null }: Props): ReactElement {
  const { t } = useTranslation();
  const best = bestEvidence(evidence);
  const owner = card !== null;
  if (!hasEyes(evidence)) return <Unseen best={best} person={person} owner={owner} />;
  const isPlate = best?.kind === "plate" || (person === null && plate !== null);
  if (person === null) {
    return (
      <div className="pair pair-lone">
        <Captured best={best} isPlate={isPlate} caption={t("face.captured")} />
        <div className="pair-beside">
          {isPlate ? <PlateSide plate={plate} colour={plateColour} /> : <Nobody best={best} />}
          <PairFacts best={best} named={false} />
        </div>
      </div>
    );
  }
  return (
    <div className="pair">
      <div className="pair-pictures">
        <Captured best={best} isPlate={isPlate} caption={owner ? t("face.bearer") : t("face.captured")} />
        <Enrolled person={person} candidate={candidate} caption={owner ? t("face.owner") : candidate ? t("face.listed") : t("face.enrolled")} />
      </div>
      {card === "unseen" && <p className="pair-nobody">{t("face.not_compared")}</p>}
      <PairFacts best={best} named={!owner} compared={card === "differs"} />
    </div>
  );
}

/** Nothing looked: a card, or somebody's word. What is known, and plainly that nobody was seen. */
function Unseen({ best, person, owner }: { best: Evidence | null; person: Person | null; owner: boolean }): ReactElement {
  const { t } = useTranslation();
  const manual = best?.kind === "manual";
  return (
    <div className="pair">
      <p className="pair-nobody">
        <Icon name={manual ? "user" : "card"} />
        <span>{t(manual ? "face.by_word" : person === null ? "face.card_of_nobody" : "face.card_only")}</span>
      </p>
      <div className={person === null ? "pair" : "pair pair-lone pair-unseen"}>
        {person !== null && <Enrolled person={person} candidate={false} caption={t(owner ? "face.owner" : "face.enrolled")} />}
        <div className={person === null ? undefined : "pair-beside"}>
          <PairFacts best={best} named={false} />
        </div>
      </div>
    </div>
  );
}

/** A face that is like nobody's who is enrolled; without a face there is nothing to say. */
function Nobody({ best }: { best: Evidence | null }): ReactElement | null {
  const { t } = useTranslation();
  return best?.kind === "face" ? <p className="pair-nobody">{t("face.unknown")}</p> : null;
}

interface CapturedProps {
  best: Evidence | null;
  isPlate: boolean;
  caption: string;
}

function Captured({ best, isPlate, caption }: CapturedProps): ReactElement {
  const { t } = useTranslation();
  return (
    <figure className="pair-side">
      <Picture
        url={best?.picture ?? null}
        alt={t("face.captured_alt", { camera: best?.camera ?? "" })}
        missing={isPlate ? "car" : "stranger"}
        fit={isPlate ? "contain" : "cover"}
      />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

interface EnrolledProps {
  person: Person;
  candidate: boolean;
  caption: string;
}

function Enrolled({ person, candidate, caption }: EnrolledProps): ReactElement {
  const { t } = useTranslation();
  const name = personName(person);
  return (
    <figure className="pair-side">
      <Picture
        url={person.picture}
        alt={t("face.enrolled_alt", { name })}
        missing="stranger"
        missingText={t("face.not_enrolled")}
      />
      <figcaption>
        {caption}
        <strong>{candidate ? t("candidate.might_be", { name }) : name}</strong>
      </figcaption>
    </figure>
  );
}

function PlateSide({ plate, colour }: { plate: string | null; colour: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="pair-plate">
      {plate === null ? t("subject.vehicle_unread") : <PlateBadge text={plate} colour={colour} size="large" />}
    </div>
  );
}

interface FactsProps {
  best: Evidence | null;
  named: boolean;
  /** A face that was held against a card's owner and is another's. */
  compared?: boolean;
}

/** What the look measured; how near a stranger came to whom is nobody's business. */
function PairFacts({ best, named, compared = false }: FactsProps): ReactElement | null {
  const { t } = useTranslation();
  const site = useSite();
  if (best === null) return null;
  return (
    <Facts>
      <Fact name={best.kind === "face" ? t("face.score") : t("face.plate_score")}>
        {best.score !== null && (named || best.kind !== "face") && scoreText(t, best.kind, best.score)}
      </Fact>
      <Fact name={t("face.compared")} bad>
        {compared && best.kind === "face" && t("face.not_owner")}
      </Fact>
      <Fact name={t("face.margin")}>{best.margin !== null && named && `+${best.margin.toFixed(2)}`}</Fact>
      <Fact name={t("face.liveness")} bad={best.liveness !== "live"}>
        {best.liveness && livenessText(t, best.liveness)}
      </Fact>
      <Fact name={t(deviceLabel(best.kind))}>{best.kind === "manual" ? laneName(site, best.camera) : cameraName(site, best.camera)}</Fact>
      <Fact name={t(ageLabel(best.kind))}>
        <Age time={best.at} />
      </Fact>
    </Facts>
  );
}
