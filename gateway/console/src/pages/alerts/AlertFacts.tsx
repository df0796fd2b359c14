// Where and when.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Fact, Facts } from "../../components/Facts";
import { isOfLane } from "../../logic/alerts";
import { cameraName, laneName } from "../../logic/places";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { AlertSaid } from "./AlertSaid";
import { OnPlan } from "./OnPlan";

export function AlertFacts({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  return (
    <section>
      <h3>{t("alerts.place")}</h3>
      <Facts as="table">
        <Fact name={t("severity.label")}>{t(`severity.${alert.severity}`)}</Fact>
        <Fact name={t("alerts.raised_at")}>{times.full(alert.raised_at)}</Fact>
        <Fact name={t("alerts.last_at")}>{alert.count > 1 && times.full(alert.last_at)}</Fact>
        <Fact name={t("alerts.updated_at")}>{times.full(alert.updated_at)}</Fact>
        <Fact name={t("alerts.detail")}>{alert.detail !== "" && <AlertSaid kind={alert.kind} detail={alert.detail} />}</Fact>
        <Fact name={t(isOfLane(alert) ? "alerts.device" : "alerts.camera")}>{alert.camera !== null && cameraName(site, alert.camera, alert.node)}</Fact>
        <Fact name={t("alerts.lane")}>{alert.lane !== null && laneName(site, alert.lane)}</Fact>
        <Fact name={t("alerts.node")}>{alert.node}</Fact>
        <Fact name={t("alerts.times")}>{t("alerts.count", { count: alert.count })}</Fact>
      </Facts>
      <OnPlan alert={alert} />
    </section>
  );
}
