// One schedule, or a new one: its spans, what they mean, and who comes by it.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { addSchedule, changeSchedule, type Hours, removeSchedule, type ScheduleSeen } from "../../api/timetable";
import { Dialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { asHours, faultOf, NAME, typed } from "../../logic/timetable";
import { useArranging } from "../../state/timetable";
import { Ahead } from "./Ahead";
import { EndForm } from "./EndForm";
import { SpanFields } from "./SpanFields";
import { Users } from "./Users";

interface Props {
  /** Null: a new one. */
  schedule: ScheduleSeen | null;
  /** It is only looked at. */
  locked: boolean;
  onAgain(): void;
  onClose(): void;
}

const NEW: Hours = { spans: [{ days: ["mon", "tue", "wed", "thu", "fri"], start: "", end: "" }], holidays: false };

export function ScheduleDialog({ schedule, locked, onAgain, onClose }: Props): ReactElement {
  const { t } = useTranslation();
  // What was seen when it was opened: a later answer does not change what somebody is typing.
  const [first] = useState(schedule);
  const [id, setId] = useState(first?.id ?? "");
  const [spans, setSpans] = useState(() => typed((first ?? NEW).spans));
  const [holidays, setHolidays] = useState((first ?? NEW).holidays);
  const hours = asHours(spans, holidays);
  const save = useArranging(() => (first === null ? addSchedule(id, hours) : changeSchedule(first.id, hours, first.tag)), onClose);
  const remove = useArranging((gone: ScheduleSeen) => removeSchedule(gone.id, gone.tag), onClose);
  const fault = faultOf(id, spans);
  const changed = first === null || JSON.stringify(hours) !== JSON.stringify(asHours(typed(first.spans), first.holidays));
  const used = first !== null && (first.groups.length > 0 || first.people > 0);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fault === null && changed && !locked) save.mutate(undefined);
  };
  return (
    <Dialog title={first?.id ?? t("timetable.new_schedule")} onClose={onClose}>
      <form className="order-form" onSubmit={submit}>
        {first === null && (
          <Field
            label={t("timetable.name")}
            placeholder="school-days"
            maxLength={64}
            fault={id === "" || NAME.test(id) ? "" : t("timetable.name_fault")}
            first
            value={id}
            onChange={(event) => setId(event.target.value.trim())}
          />
        )}
        <SpanFields spans={spans} locked={locked} onSpans={(next) => setSpans([...next])} />
        <label className="tick">
          <input type="checkbox" checked={holidays} disabled={locked} onChange={(event) => setHolidays(event.target.checked)} />
          {t("timetable.holidays")}
        </label>
        <Ahead by={{ draft: faultOf("any", spans) === null ? hours : null }} />
        {first !== null && <Users schedule={first} />}
        {!locked && (
          <EndForm
            name={id}
            error={save.error ?? remove.error}
            fault={fault === null || fault === "name" ? "" : t(`timetable.fault_${fault}`)}
            fresh={first === null}
            ready={fault === null && changed}
            busy={save.isPending || remove.isPending}
            onAgain={onAgain}
            onRemove={first === null || used ? null : () => remove.mutate(first)}
            kept={t("timetable.remove_not_schedule")}
          />
        )}
      </form>
    </Dialog>
  );
}
