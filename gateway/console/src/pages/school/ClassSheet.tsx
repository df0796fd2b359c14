// One class on one day: its bells, its numbers, and a line for every pupil.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ClassCount, type DayLine, sheetAddress } from "../../api/attendance";
import { Empty, Loaded } from "../../components/Loaded";
import { type Finding, type Order, shownLines } from "../../logic/attendance";
import { useClassDay } from "../../state/attendance";
import { useSite } from "../../state/session";
import { useSettings } from "../../state/settings";
import { clockIn } from "../../logic/zone";
import { Findings } from "./Findings";
import { PupilDialog } from "./PupilDialog";
import { PupilRow } from "./PupilRow";

interface Props {
  count: ClassCount;
  day: string;
  today: string;
}

export function ClassSheet({ count, day, today }: Props): ReactElement {
  const { t } = useTranslation();
  // Of the day that it was chosen on: whom it counts there says nothing of another day.
  const [chosenFilter, setFilter] = useState<{ day: string; finding: Finding | null }>({ day, finding: null });
  const filter = chosenFilter.day === day ? chosenFilter.finding : null;
  const language = useSettings((settings) => settings.language);
  const [order, setOrder] = useState<Order>("urgent");
  const [open, setOpen] = useState<string | null>(null);
  const asked = useClassDay(count.group, day);
  const people: readonly DayLine[] = asked.data?.people ?? [];
  const lines = shownLines(people, filter, order, language);
  const chosen = people.find((line) => line.person_id === open);
  return (
    <div className="sheet">
      <SheetHead count={count} day={day} order={order} onOrder={setOrder} />
      <Findings counts={count.counts} filter={filter} onFilter={(finding) => setFilter({ day, finding })} />
      <Loaded
        asked={asked}
        empty={lines.length === 0}
        emptyState={<Empty icon="school" title={t("school.nobody")} text={t("school.nobody_text")} />}
      >
        <ul className="pupils panel-scroll" aria-label={count.group}>
          {lines.map((line) => (
            <PupilRow key={line.person_id} line={line} onOpen={() => setOpen(line.person_id)} />
          ))}
        </ul>
      </Loaded>
      {chosen !== undefined && (
        <PupilDialog
          line={chosen}
          leaveFrom={count.bells?.leave_from ?? null}
          today={today}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

interface HeadProps {
  count: ClassCount;
  day: string;
  order: Order;
  onOrder(order: Order): void;
}

function SheetHead({ count, day, order, onOrder }: HeadProps): ReactElement {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  return (
    <div className="sheet-head">
      <h2>{count.group}</h2>
      <Bells bells={count.bells} />
      <div className="segments" role="group" aria-label={t("school.order")}>
        {(["urgent", "name"] as const).map((each) => (
          <button key={each} type="button" aria-pressed={order === each} onClick={() => onOrder(each)}>
            {t(`school.order_${each}`)}
          </button>
        ))}
      </div>
      <div className="sheet-export">
        {(["csv", "xlsx"] as const).map((format) => (
          <a key={format} className="button" href={sheetAddress(count.group, day, format, language)} download>
            {t(`school.export_${format}`)}
          </a>
        ))}
      </div>
    </div>
  );
}

function Bells({ bells }: { bells: ClassCount["bells"] }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  if (bells === null) return <span className="quiet">{t("school.no_school")}</span>;
  return (
    <span className="sheet-bells quiet">
      <span>{t("school.arrive_by", { time: clockIn(bells.arrive_by, timezone) })}</span>
      <span>{t("school.leave_from", { time: clockIn(bells.leave_from, timezone) })}</span>
      {bells.closes !== null && <span>{t("school.closes", { time: clockIn(bells.closes, timezone) })}</span>}
    </span>
  );
}
