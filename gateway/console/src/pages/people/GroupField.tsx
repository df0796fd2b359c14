// One of the groups that there are; whoever wants another one makes it on the page of groups.
import { type ReactElement, useId } from "react";

interface Props {
  label: string;
  /** Shown while none is chosen; left out: one always is. */
  none?: string;
  groups: readonly string[];
  value: string;
  onValue(value: string): void;
}

export function GroupField({ label, none, groups, value, onValue }: Props): ReactElement {
  const id = useId();
  const shown = value === "" || groups.includes(value) ? groups : [...groups, value];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onValue(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {shown.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </div>
  );
}
