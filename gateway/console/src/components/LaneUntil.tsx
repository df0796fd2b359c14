// Until when a lane stands at what somebody ordered, beside what it stands at.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useNow } from "../state/now";
import { useTimes } from "../state/times";

/** `until`: null where it has no end, or nobody knows it. */
export function LaneUntil({ until }: { until: string | null }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const now = useNow();
  return until === null ? null : <span className="lane-until">{t("lane.until", { time: times.until(until, now) })}</span>;
}
