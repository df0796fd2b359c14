// Where a visit stands, in words and colour.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Visit } from "../../api/visits";

export function VisitState({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  if (visit.overdue) return <b className="visit-state visit-overdue">{t("visits.overdue")}</b>;
  if (visit.state === "inside" && !visit.on_site) return <b className="visit-state">{t("visits.out")}</b>;
  return <b className={`visit-state visit-${visit.state}`}>{t(`visits.state_${visit.state}`)}</b>;
}
