// Whom or what an alert is about: a plate, a name, or plainly nobody who is known.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { PlateBadge } from "../../components/PlateBadge";
import { isOfCard, namesOwner } from "../../logic/alerts";
import { personName } from "../../logic/passages";

export function AlertSubject({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const { person, plate, plate_colour: colour } = alert;
  if (person === null && plate === null) return null;
  const name = person === null ? null : subjectName(t, alert, personName(person));
  return (
    <span className="card-subject">
      {name !== null && <span>{name}</span>}
      {plate !== null && <PlateBadge text={plate} colour={colour} />}
    </span>
  );
}

function subjectName(t: TFunction, alert: Alert, name: string): string {
  if (alert.candidate) return t("candidate.might_be", { name });
  return namesOwner(alert) || isOfCard(alert) ? t("lane.card_of", { name }) : name;
}
