// One group, or a new one: by which schedule it comes, what that means, who is in it, and which lanes let it through.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { addGroup, changeGroup, type GroupSeen, type GroupText, removeGroup, type Timetable } from "../../api/timetable";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { NAME } from "../../logic/timetable";
import { useArranging } from "../../state/timetable";
import { Ahead } from "./Ahead";
import { EndForm } from "./EndForm";
import { GroupFacts } from "./GroupFacts";
import { ScheduleField } from "./ScheduleField";

interface Props {
  /** Null: a new one. */
  group: GroupSeen | null;
  timetable: Timetable;
  /** It is only looked at. */
  locked: boolean;
  onAgain(): void;
  onClose(): void;
}

const textOf = ({ id, schedule, lessons, collected }: GroupText): GroupText => ({ id, schedule, lessons, collected });
const NEW: GroupText = { id: "", schedule: "", lessons: "", collected: false };

export function GroupDialog({ group, timetable, locked, onAgain, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  // What was seen when it was opened: a later answer does not change what somebody is typing.
  const [first] = useState(group);
  const [text, setText] = useState(() => textOf(first ?? NEW));
  const save = useArranging(() => (first === null ? addGroup(text) : changeGroup(first.id, text, first.tag)), onClose);
  const remove = useArranging((gone: GroupSeen) => removeGroup(gone.id, gone.tag), onClose);
  const renamed = text.id !== (first?.id ?? "");
  const fits = !renamed || NAME.test(text.id);
  const changed = first === null || JSON.stringify(text) !== JSON.stringify(textOf(first));
  const ready = fits && changed && text.id !== "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready && !locked) save.mutate(undefined);
  };
  const schedules = timetable.schedules.map((each) => each.id);
  return (
    <Dialog title={first?.id ?? t("timetable.new_group")} onClose={onClose}>
      <form className="order-form" onSubmit={submit}>
        {first !== null && first.said_at.length > 0 && (
          <p className="group-told">{t("timetable.said_at", { nodes: first.said_at.join(", ") })}</p>
        )}
        <Field
          label={t("timetable.name")}
          placeholder={t("timetable.name_hint")}
          maxLength={64}
          disabled={locked}
          fault={text.id === "" || fits ? "" : t("timetable.name_fault")}
          first={first === null}
          value={text.id}
          onChange={(event) => setText({ ...text, id: event.target.value.trim() })}
        />
        <div className="desk-pair">
          <ScheduleField
            label={t("timetable.schedule")}
            none={t("timetable.always")}
            schedules={schedules}
            value={text.schedule}
            disabled={locked}
            onValue={(schedule) => setText({ ...text, schedule })}
          />
          <ScheduleField
            label={t("timetable.lessons")}
            none={t("timetable.lessons_none")}
            schedules={schedules}
            value={text.lessons}
            disabled={locked}
            onValue={(lessons) => setText({ ...text, lessons })}
          />
        </div>
        <p className="quiet">{t("timetable.lessons_text")}</p>
        <label className="tick">
          <input
            type="checkbox"
            checked={text.collected}
            disabled={locked}
            onChange={(event) => setText({ ...text, collected: event.target.checked })}
          />
          {t("timetable.collected")}
        </label>
        <Ahead by={{ schedule: text.schedule }} lessons={text.lessons} />
        {first !== null && <GroupFacts group={first} open={timetable.open_lanes} />}
        {!locked && (
          <EndForm
            name={first?.id ?? ""}
            error={save.error ?? remove.error}
            fault=""
            fresh={first === null}
            ready={ready}
            busy={save.isPending || remove.isPending}
            onAgain={onAgain}
            onRemove={first === null || first.members > 0 ? null : () => remove.mutate(first)}
            kept={t("timetable.remove_not_group")}
          />
        )}
      </form>
    </Dialog>
  );
}
