// Who or what passed: a name, a plate, or "unknown", said as such.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../api/types";
import { type Body, bodyOf, isByCardAlone, personName, type Subject, subjectOf } from "../logic/passages";
import { Icon } from "./Icon";
import { PlateBadge } from "./PlateBadge";

export function PassageTitle({ passage }: { passage: Passage }): ReactElement {
  const { t } = useTranslation();
  const subject = subjectOf(passage);
  const plate = passage.plate === null ? null : <PlateBadge text={passage.plate} colour={passage.plate_colour} />;
  const known = passage.person === null ? null : personName(passage.person);
  const name = known === null ? null : nameOf(t, passage, known);
  const body = bodyOf(passage);
  return (
    <span className={`who who-${subject}`}>
      {passage.kind === "card" && subject === "person" && <Icon name="card" />}
      {subject === "body" && body !== null && <Icon name={body} />}
      {subject === "vehicle" ? null : subject === "person" ? name : unnamed(t, subject, body)}
      {plate}
    </span>
  );
}

/** A candidate's name is a question, and a card's is its owner's. */
function nameOf(t: TFunction, passage: Passage, name: string): string {
  if (passage.candidate) return t("candidate.might_be", { name });
  return isByCardAlone(passage) ? t("lane.card_of", { name }) : name;
}

function unnamed(t: TFunction, subject: Exclude<Subject, "person" | "vehicle">, body: Body | null): string {
  return subject === "body" && body !== null ? t(`body_passed.${body}`) : t(`subject.${subject}`);
}
