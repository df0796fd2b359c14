// Open alerts: those that nobody has acknowledged on top, flashing.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { isUnacknowledged } from "../../logic/alerts";
import { useOpenAlerts } from "../../state/queries";
import { AlertCard } from "./AlertCard";

interface Props {
  alerts: readonly Alert[];
  selectedId: string | null;
}

export function AlertStrip({ alerts, selectedId }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = useOpenAlerts();
  const waiting = alerts.filter(isUnacknowledged);
  const known = alerts.filter((alert) => !isUnacknowledged(alert));
  const cards = (list: readonly Alert[]) =>
    list.map((alert) => <AlertCard key={alert.id} alert={alert} selected={alert.id === selectedId} />);
  return (
    <section className="panel strip" aria-label={t("watch.alerts")}>
      <header className="panel-head">
        <h2>{t("watch.alerts")}</h2>
        {waiting.length > 0 && <b className="strip-waiting">{t("watch.waiting", { count: waiting.length })}</b>}
      </header>
      <Loaded
        asked={asked}
        empty={alerts.length === 0}
        emptyState={<Empty icon="quiet" title={t("watch.all_quiet")} text={t("watch.all_quiet_text")} />}
      >
        <div className="panel-scroll" role="group" aria-label={t("watch.alerts")} tabIndex={0}>
          {waiting.length > 0 && <ul className="cards">{cards(waiting)}</ul>}
          {known.length > 0 && <h3 className="strip-known">{t("watch.acknowledged")}</h3>}
          {known.length > 0 && <ul className="cards">{cards(known)}</ul>}
        </div>
      </Loaded>
    </section>
  );
}
