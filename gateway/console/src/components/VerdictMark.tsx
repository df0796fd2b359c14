// What an officer found a case to be: a badge in lists, and whole with reason where the case is shown.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../api/types";
import { isJudged, unjudgedSince } from "../logic/queue";
import { useTimes } from "../state/times";

export function VerdictBadge({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  if (!alert.verdict || !isJudged(alert)) return null;
  const { finding } = alert.verdict;
  return <span className={`badge verdict-${finding}`}>{t(`finding.badge_${finding}`)}</span>;
}

export function VerdictBanner({ alert }: { alert: Alert }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  if (!alert.verdict) return null;
  const { finding, who, at, reason } = alert.verdict;
  const since = unjudgedSince(alert) ?? 0;
  return (
    <div className={`verdict verdict-${finding}`} role="status">
      <strong>{t(`finding.${finding}`, { who })}</strong> <time dateTime={at}>{times.full(at)}</time>
      <q>{reason}</q>
      {since > 0 && <span>{t("finding.earlier", { count: since })}</span>}
    </div>
  );
}
