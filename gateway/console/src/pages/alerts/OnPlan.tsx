// To where an alert is on the plan of the site: of an open one, for who may see the plan, where its place is drawn.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { isOpen } from "../../logic/alerts";
import { alertSpot } from "../../logic/plan/standing";
import { routeTo } from "../../logic/route";
import { usePlan } from "../../state/sitePlan";

export function OnPlan({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const drawing = usePlan().data?.drawing ?? null;
  if (drawing === null || !isOpen(alert) || alertSpot(drawing, alert) === null) return null;
  return (
    <p>
      <a className="button" href={routeTo("map", undefined, { alert: alert.id })}>
        {t("alerts.on_plan")}
      </a>
    </p>
  );
}
