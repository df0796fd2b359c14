// When each class is to be here, may leave, and must be gone.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BellsRequest, GroupHours, SchoolYear } from "../../api/calendar";
import { TimeField } from "../../components/Field";
import { routeTo } from "../../logic/route";

const BELLS = ["arrive_by", "leave_from", "closes"] as const;
const NONE = { arrive_by: "", leave_from: "", closes: "" };

interface Props {
  year: SchoolYear;
  busy: boolean;
  /** Null: it is only looked at. */
  onBells: ((wanted: BellsRequest) => void) | null;
}

export function BellsSection({ year, busy, onBells }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="calendar-part" aria-label={t("calendar.bells")}>
      <h2>{t("calendar.bells")}</h2>
      {year.groups.length === 0 && <p className="quiet">{t("calendar.no_bells")}</p>}
      {year.groups.map((group) => (
        <Bells key={JSON.stringify(group)} group={group} busy={busy} onBells={onBells} />
      ))}
      {onBells !== null && <NewClass key={year.groups.length} busy={busy} onBells={onBells} />}
      {year.schedules.length > 0 && <Schedules year={year} />}
    </section>
  );
}

function Bells({ group, busy, onBells }: { group: GroupHours; busy: boolean; onBells: Props["onBells"] }): ReactElement {
  const { t } = useTranslation();
  const { arrive_by, leave_from, closes } = group;
  const [said, setSaid] = useState({ arrive_by, leave_from, closes });
  const changed = BELLS.some((bell) => said[bell] !== group[bell]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (changed) onBells?.({ group: group.id, ...said });
  };
  return (
    <form className="bells" aria-label={group.id} onSubmit={submit}>
      <strong>{group.id}</strong>
      <BellFields said={said} locked={onBells === null} onSaid={setSaid} />
      {onBells !== null && (
        <button type="submit" className="button" disabled={!changed || busy}>
          {t("calendar.save")}
        </button>
      )}
    </form>
  );
}

interface FieldsProps {
  said: typeof NONE;
  locked: boolean;
  onSaid(said: typeof NONE): void;
}

function BellFields({ said, locked, onSaid }: FieldsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {BELLS.map((bell) => (
        <TimeField
          key={bell}
          label={t(`calendar.${bell}`)}
          disabled={locked}
          value={said[bell]}
          onValue={(value) => onSaid({ ...said, [bell]: value })}
        />
      ))}
    </>
  );
}

function NewClass({ busy, onBells }: { busy: boolean; onBells(wanted: BellsRequest): void }): ReactElement {
  const { t } = useTranslation();
  const [group, setGroup] = useState("");
  const [said, setSaid] = useState(NONE);
  const ready = group.trim() !== "" && said.arrive_by !== "" && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) onBells({ group: group.trim(), ...said });
  };
  return (
    <form className="bells" aria-label={t("calendar.new_class")} onSubmit={submit}>
      <input
        className="input"
        aria-label={t("calendar.new_class")}
        placeholder={t("calendar.new_class")}
        maxLength={64}
        value={group}
        onChange={(event) => setGroup(event.target.value)}
      />
      <BellFields said={said} locked={false} onSaid={setSaid} />
      <button type="submit" className="button" disabled={!ready}>
        {t("calendar.add")}
      </button>
    </form>
  );
}

function Schedules({ year }: { year: SchoolYear }): ReactElement {
  const { t } = useTranslation();
  return (
    <details>
      <summary>{t("calendar.schedules")}</summary>
      <a href={routeTo("groups")}>{t("timetable.title")}</a>
      <ul className="account-list">
        {year.schedules.map((schedule) => (
          <li key={schedule.id}>
            <div>
              <strong>{schedule.id}</strong>
              {schedule.spans.map((span) => (
                <span key={`${span.days.join()} ${span.start}`} className="quiet">
                  {span.days.map((day) => t(`collect.day_${day}`)).join(" ")} · {span.start}–{span.end}
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
