// Who and what else passed around the time of an alert, at the same node.
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { lastRaisedAt } from "../../logic/alerts";
import { aroundOf } from "../../logic/passages";
import { useAround } from "../../state/queries";
import { ArrivalRow } from "./ArrivalRow";

export function AroundIt({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const raised = lastRaisedAt(alert);
  const around = useMemo(() => aroundOf(alert.node, raised), [alert.node, raised]);
  const { data } = useAround(around);
  const others = (data ?? []).filter((passage) => passage.id !== alert.passage_id);
  return (
    <section className="around">
      <h3>{t("watch.around")}</h3>
      {data !== undefined && others.length === 0 && <p className="quiet">{t("watch.nothing_around")}</p>}
      <ul>
        {others.map((passage) => (
          <ArrivalRow key={passage.id} passage={passage} />
        ))}
      </ul>
    </section>
  );
}
