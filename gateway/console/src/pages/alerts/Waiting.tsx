// How long nobody has acknowledged, counting on; and who was sent, once somebody was.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { lastingText } from "../../components/Age";
import { Icon } from "../../components/Icon";
import { ageSeconds } from "../../logic/age";
import { assigneeOf, isUnacknowledged } from "../../logic/alerts";
import { useNow } from "../../state/now";

export function Waiting({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const now = useNow();
  const sent = assigneeOf(alert);
  if (sent !== null) {
    return (
      <span className="waiting-mark" data-sent={sent.role}>
        <Icon name="user" />
        {t("alerts.sent_to", { role: t(`sent_role.${sent.role}`), name: sent.name })}
      </span>
    );
  }
  if (!isUnacknowledged(alert) || alert.waiting_since === null) return null;
  return (
    <span className="waiting-mark" data-waiting="">
      <Icon name="clock" />
      {t("alerts.waits", { time: lastingText(t, ageSeconds(alert.waiting_since, now)) })}
    </span>
  );
}
