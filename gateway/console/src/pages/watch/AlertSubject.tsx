// Whom or what an alert is about: a plate, a name, or plainly nobody who is known.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { PlateBadge } from "../../components/PlateBadge";

export function AlertSubject({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const { person, plate, candidate } = alert;
  if (person === null && plate === null) return null;
  const name = person === null ? null : candidate ? t("candidate.might_be", { name: person.name }) : person.name;
  return (
    <span className="card-subject">
      {name !== null && <span>{name}</span>}
      {plate !== null && <PlateBadge text={plate} colour={alert.plate_colour ?? null} />}
    </span>
  );
}
