// Cards one under the other; of very many the first, and more of them for whoever asks.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { firstOf } from "../../logic/alerts";
import { AlertCard } from "./AlertCard";

/** Several screens full. A bad hour of a district has hundreds, and drawing them all would hold the next one up. */
const MOST = 40;

interface Props {
  alerts: readonly Alert[];
  selectedId: string | null;
}

export function AlertCards({ alerts, selectedId }: Props): ReactElement | null {
  const { t } = useTranslation();
  const [most, setMost] = useState(MOST);
  const { shown, more } = firstOf(alerts, most, selectedId);
  if (alerts.length === 0) return null;
  return (
    <>
      <ul className="cards">
        {shown.map((alert) => (
          <AlertCard key={alert.id} alert={alert} selected={alert.id === selectedId} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="button button-plain cards-more" onClick={() => setMost(most + MOST)}>
          {t("watch.alerts_more", { count: more })}
        </button>
      )}
    </>
  );
}
