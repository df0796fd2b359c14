// Who was told that nobody acknowledges: which step, whom, when, and whether it arrived.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { useTimes } from "../../state/times";

export function Escalations({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  if (alert.escalations.length === 0) return null;
  return (
    <section>
      <h3>{t("alerts.told")}</h3>
      <ul className="told">
        {alert.escalations.map((each) => (
          <li key={`${each.step} ${each.to} ${each.at}`} data-told={each.state}>
            <span>
              <b>{each.to}</b> <span className="quiet">{t("alerts.told_step", { step: each.step })}</span>
            </span>
            <time dateTime={each.at}>{times.full(each.at)}</time>
            <span className={`badge told-${each.state}`}>{t(`told_state.${each.state}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
