// Name, class, hours and days of somebody; saved together.
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Particulars, setParticulars } from "../../api/particulars";
import type { PersonFile } from "../../api/people";
import { dayIn, lastDay } from "../../logic/zone";
import { useFiling } from "../../state/people";
import { useSite } from "../../state/session";
import { useTimetable } from "../../state/timetable";
import { Problem } from "../../components/Problem";
import { GroupField } from "./GroupField";

type Kept = Pick<PersonFile, "name" | "group" | "schedule" | "begins" | "ends">;
export const particularsOf = ({ name, group, schedule, begins, ends }: PersonFile): Kept => ({ name, group, schedule, begins, ends });

export function ParticularsSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const [first] = useState<Particulars>(() => ({
    ...particularsOf(file),
    begins: file.begins === null ? "" : dayIn(Date.parse(file.begins), timezone),
    ends: file.ends === null ? "" : lastDay(file.ends, timezone),
  }));
  const [said, setSaid] = useState(first);
  const save = useFiling(file.id, (wanted: Partial<Particulars>) => setParticulars(file.id, wanted));
  const timetable = useTimetable().data;
  const groups = timetable?.groups.map((each) => each.id) ?? [];
  const schedules = timetable?.schedules.map((each) => each.id) ?? [];
  const id = useId();
  const changed = changes(first, said);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(changed);
  };
  const field = (key: keyof Particulars, type: string): ReactElement => (
    <div className="field">
      <label htmlFor={`${id}${key}`}>{t(`particulars.${key}`)}</label>
      <input
        id={`${id}${key}`}
        className="input"
        type={type}
        autoComplete="off"
        maxLength={key === "name" ? 200 : 64}
        value={said[key]}
        onChange={(event) => setSaid({ ...said, [key]: event.target.value })}
      />
    </div>
  );
  return (
    <section aria-label={t("particulars.title")}>
      <details>
        <summary>{t("particulars.title")}</summary>
        <form className="order-form" onSubmit={submit}>
          <div className="desk-pair">
            {field("name", "text")}
            <GroupField
              label={t("particulars.group")}
              groups={groups}
              value={said.group}
              onValue={(group) => setSaid({ ...said, group })}
            />
          </div>
          <div className="field">
            <label htmlFor={`${id}schedule`}>{t("particulars.schedule")}</label>
            <select
              id={`${id}schedule`}
              className="input"
              value={said.schedule}
              onChange={(event) => setSaid({ ...said, schedule: event.target.value })}
            >
              <option value="">{t("particulars.schedule_group")}</option>
              {[...new Set([...schedules, ...(said.schedule === "" ? [] : [said.schedule])])].map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </div>
          <div className="desk-pair">
            {field("begins", "date")}
            {field("ends", "date")}
          </div>
          <Problem error={save.error} />
          <button
            type="submit"
            className="button button-main"
            disabled={Object.keys(changed).length === 0 || said.name.trim() === "" || said.group.trim() === "" || save.isPending}
          >
            {t("particulars.save")}
          </button>
        </form>
      </details>
    </section>
  );
}

/** What is not as it was. */
function changes(first: Particulars, said: Particulars): Partial<Particulars> {
  const names = Object.keys(first) as (keyof Particulars)[];
  return Object.fromEntries(names.filter((name) => said[name].trim() !== first[name]).map((name) => [name, said[name].trim()]));
}
