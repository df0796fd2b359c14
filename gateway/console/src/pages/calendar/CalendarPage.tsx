// The school's year: bells of every class, holidays, and workdays that are moved for them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type BellsRequest, fetchYear, removeDay, type SchoolYear, setBells, setDay, type YearDay } from "../../api/calendar";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { keys } from "../../live/keys";
import { useRole } from "../../state/session";
import { BellsSection } from "./BellsSection";
import { DaysSection } from "./DaysSection";

export function CalendarPage(): ReactElement {
  const { t } = useTranslation();
  const office = useRole() === "admin";
  const asked = useQuery({ queryKey: keys.year(), queryFn: ({ signal }) => fetchYear(signal) });
  const days = useChange((day: YearDay) => setDay(day));
  const gone = useChange((day: string) => removeDay(day));
  const bells = useChange((wanted: BellsRequest) => setBells(wanted));
  const year = asked.data;
  return (
    <section className="panel page" aria-label={t("calendar.title")}>
      <header className="panel-head">
        <h1>{t("calendar.title")}</h1>
        <span className="quiet">{t("calendar.intro")}</span>
      </header>
      <Loaded asked={asked} empty={year === undefined} emptyState={null}>
        {year !== undefined && (
          <div className="account">
            <div>
              <Problem error={bells.error} />
              <BellsSection year={year} busy={bells.isPending} onBells={office ? (wanted) => bells.mutate(wanted) : null} />
            </div>
            <div>
              <Problem error={days.error ?? gone.error} />
              <DaysSection
                days={year.days}
                busy={days.isPending || gone.isPending}
                onDay={office ? (day) => days.mutate(day) : null}
                onRemove={(day) => gone.mutate(day)}
              />
            </div>
          </div>
        )}
      </Loaded>
    </section>
  );
}

/** Every change answers with the year as it is then. */
function useChange<T>(change: (wanted: T) => Promise<SchoolYear>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (year) => {
      client.setQueryData(keys.year(), year);
      await client.invalidateQueries({ queryKey: keys.attendance() });
    },
  });
}
