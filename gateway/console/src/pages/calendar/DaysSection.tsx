// Holidays and moved workdays, those to come first.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { YearDay } from "../../api/calendar";
import { serverClock } from "../../api/clock";
import { type Weekday, WEEKDAYS } from "../../api/people";
import { DayField, TextField } from "../../components/Field";
import { dayIn } from "../../logic/zone";
import { useSite } from "../../state/session";

interface Props {
  days: readonly YearDay[];
  busy: boolean;
  /** Null: it is only looked at. */
  onDay: ((day: YearDay) => void) | null;
  onRemove(day: string): void;
}

export function DaysSection({ days, busy, onDay, onRemove }: Props): ReactElement {
  const { t } = useTranslation();
  const today = dayIn(serverClock.now(), useSite().timezone);
  const shown = [...days.filter((each) => each.day >= today), ...days.filter((each) => each.day < today).toReversed()];
  return (
    <section className="calendar-part" aria-label={t("calendar.days")}>
      <h2>{t("calendar.days")}</h2>
      {onDay !== null && <NewDay busy={busy} onDay={onDay} />}
      {shown.length === 0 && <p className="quiet">{t("calendar.no_days")}</p>}
      <ul className="account-list">
        {shown.map((each) => (
          <li key={each.day} className={each.day < today ? "quiet" : ""}>
            <div>
              <strong className="number">{each.day}</strong>
              <span>
                {each.works_as === null ? t("calendar.off") : t("calendar.works_as", { day: t(`collect.day_${each.works_as}`) })}{" "}
                {each.name}
              </span>
            </div>
            {onDay !== null && (
              <button type="button" className="button" disabled={busy} onClick={() => onRemove(each.day)}>
                {t("calendar.remove")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function NewDay({ busy, onDay }: { busy: boolean; onDay(day: YearDay): void }): ReactElement {
  const { t } = useTranslation();
  const [day, setDay] = useState("");
  const [worksAs, setWorksAs] = useState<Weekday | null>(null);
  const [name, setName] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (day !== "") onDay({ day, works_as: worksAs, name: name.trim() });
  };
  return (
    <form className="order-form" aria-label={t("calendar.new_day")} onSubmit={submit}>
      <div className="leave-times">
        <DayField label={t("school.day")} value={day} onValue={setDay} />
        <TextField label={t("calendar.name")} hint={t("calendar.name_hint")} value={name} most={100} onValue={setName} />
      </div>
      <div className="order-whys" role="group" aria-label={t("calendar.holds")}>
        <button type="button" className="chip" aria-pressed={worksAs === null} onClick={() => setWorksAs(null)}>
          {t("calendar.off")}
        </button>
        {WEEKDAYS.map((each) => (
          <button key={each} type="button" className="chip" aria-pressed={worksAs === each} onClick={() => setWorksAs(each)}>
            {t("calendar.works_as", { day: t(`collect.day_${each}`) })}
          </button>
        ))}
      </div>
      <button type="submit" className="button button-main" disabled={day === "" || busy}>
        {t("calendar.set_day")}
      </button>
    </form>
  );
}
