// Who or what passed: a name, a plate, or "unknown", said as such.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Passage } from "../api/types";
import { personName, subjectOf } from "../logic/passages";
import { PlateBadge } from "./PlateBadge";

export function PassageTitle({ passage }: { passage: Passage }): ReactElement {
  const { t } = useTranslation();
  const subject = subjectOf(passage);
  const plate = passage.plate === null ? null : <PlateBadge text={passage.plate} colour={passage.plate_colour} />;
  const known = passage.person === null ? null : personName(passage.person);
  const name = known !== null && passage.candidate ? t("candidate.might_be", { name: known }) : known;
  return (
    <span className={`who who-${subject}`}>
      {subject === "vehicle" ? null : subject === "person" ? name : t(`subject.${subject}`)}
      {plate}
    </span>
  );
}
