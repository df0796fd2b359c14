// Today in four numbers.
import { memo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSummary } from "../../state/queries";

const COUNTS = [
  ["arrivals", "watch.arrivals_today"],
  ["departures", "watch.departures_today"],
  ["unknown", "watch.unknown_today"],
  ["plates", "watch.plates_today"],
] as const;

export const TodayCounts = memo(function TodayCounts(): ReactElement | null {
  const { t } = useTranslation();
  const today = useSummary().data?.today;
  if (today === undefined) return null;
  return (
    <dl className="today" aria-label={t("watch.today")} title={t("watch.today_text")}>
      {COUNTS.map(([name, label]) => (
        <div key={name}>
          <dt>{t(label)}</dt>
          <dd className="number">{today[name]}</dd>
        </div>
      ))}
    </dl>
  );
});
