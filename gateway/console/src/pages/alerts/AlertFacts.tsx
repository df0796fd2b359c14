// Where and when.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { detailText } from "../../i18n/codes";
import { isOfLane } from "../../logic/alerts";
import { cameraName, laneName } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";

export function AlertFacts({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  const facts: [string, string | null][] = [
    [t("severity.label"), t(`severity.${alert.severity}`)],
    [t("alerts.raised_at"), times.full(alert.raised_at)],
    [t("alerts.last_at"), alert.count > 1 ? times.full(alert.last_at) : null],
    [t("alerts.updated_at"), times.full(alert.updated_at)],
    [t("alerts.detail"), alert.detail === "" ? null : detailText(t, alert.detail)],
    [isOfLane(alert) ? t("alerts.device") : t("alerts.camera"), alert.camera === null ? null : cameraName(site, alert.camera, alert.node)],
    [t("alerts.lane"), alert.lane === null ? null : laneName(site, alert.lane)],
    [t("alerts.node"), alert.node],
    [t("alerts.times"), t("alerts.count", { count: alert.count })],
  ];
  return (
    <section>
      <h3>{t("alerts.place")}</h3>
      <dl className="table">
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
