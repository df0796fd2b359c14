// Open alerts: those that nobody has acknowledged on top, flashing.
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { isUnacknowledged } from "../../logic/alerts";
import { useOpenAlerts } from "../../state/queries";
import { AlertCards } from "./AlertCards";

/** Half a flash. */
const BEAT_MS = 500;

interface Props {
  alerts: readonly Alert[];
  selectedId: string | null;
}

export function AlertStrip({ alerts, selectedId }: Props): ReactElement {
  const { t } = useTranslation();
  const asked = useOpenAlerts();
  const waiting = alerts.filter(isUnacknowledged);
  const known = alerts.filter((alert) => !isUnacknowledged(alert));
  const strip = useBeat(waiting.length > 0);
  return (
    <section ref={strip} className="panel strip" aria-label={t("watch.alerts")}>
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
          <AlertCards alerts={waiting} selectedId={selectedId} />
          {known.length > 0 && <h3 className="strip-known">{t("watch.acknowledged")}</h3>}
          <AlertCards alerts={known} selectedId={selectedId} />
        </div>
      </Loaded>
    </section>
  );
}

/** All cards that flash do it together, by one mark above them: two pictures a second, however many they are. Animations
 * of their own made browsers work out all styles sixty times a second. */
function useBeat(beats: boolean) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    const root = place.current;
    if (root === null || !beats) return;
    const timer = setInterval(() => root.toggleAttribute("data-beat"), BEAT_MS);
    return () => {
      clearInterval(timer);
      root.removeAttribute("data-beat");
    };
  }, [beats]);
  return place;
}
