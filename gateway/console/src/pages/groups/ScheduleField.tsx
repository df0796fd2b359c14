// One of the schedules, or none.
import { type ReactElement, useId } from "react";

interface Props {
  label: string;
  none: string;
  schedules: readonly string[];
  value: string;
  disabled: boolean;
  onValue(value: string): void;
}

export function ScheduleField({ label, none, schedules, value, disabled, onValue }: Props): ReactElement {
  const id = useId();
  // One that is gone by now, or that only a node knows, is still the one that holds.
  const shown = value === "" || schedules.includes(value) ? schedules : [...schedules, value];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" disabled={disabled} value={value} onChange={(event) => onValue(event.target.value)}>
        <option value="">{none}</option>
        {shown.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </div>
  );
}
