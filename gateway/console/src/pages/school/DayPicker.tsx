// One day back, one day on, any day, today.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";
import { daysLater, isDay } from "../../logic/zone";

interface Props {
  day: string;
  today: string;
  onDay(day: string): void;
}

export function DayPicker({ day, today, onDay }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="day-picker" role="group" aria-label={t("school.day")}>
      <button type="button" className="button" aria-label={t("school.before")} onClick={() => onDay(daysLater(day, -1))}>
        <Icon name="back" />
      </button>
      <input
        className="input"
        type="date"
        aria-label={t("school.day")}
        value={day}
        onChange={(event) => isDay(event.target.value) && onDay(event.target.value)}
      />
      <button type="button" className="button" aria-label={t("school.after")} onClick={() => onDay(daysLater(day, 1))}>
        <Icon name="next" />
      </button>
      <button type="button" className="button" disabled={day === today} onClick={() => onDay(today)}>
        {t("school.today")}
      </button>
    </div>
  );
}
