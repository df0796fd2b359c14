// Whom or what an alert is about: a plate, a name, or plainly nobody who is known.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { PlateBadge } from "../../components/PlateBadge";
import { personName } from "../../logic/passages";

export function AlertSubject({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const { person, plate, plate_colour: colour, candidate } = alert;
  if (person === null && plate === null) return null;
  const name = person === null ? null : candidate ? t("candidate.might_be", { name: personName(person) }) : personName(person);
  return (
    <span className="card-subject">
      {name !== null && <span>{name}</span>}
      {plate !== null && <PlateBadge text={plate} colour={colour} />}
    </span>
  );
}
