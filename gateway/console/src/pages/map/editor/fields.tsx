// Fields of the plan's forms: a number within its bounds, a choice.
import { type ReactElement, useId } from "react";
import { Field } from "../../../components/Field";

interface NumberProps {
  label: string;
  value: number;
  least: number;
  most: number;
  step?: number;
  onValue(value: number): void;
}

/** What lies outside its bounds while it is typed changes nothing. */
export function NumberField({ label, value, least, most, step = 1, onValue }: NumberProps): ReactElement {
  const typed = (text: string): void => {
    const found = Number(text);
    if (text.trim() !== "" && found >= least && found <= most && (step % 1 !== 0 || Number.isInteger(found))) onValue(found);
  };
  return (
    <Field
      key={value}
      label={label}
      type="number"
      inputMode="decimal"
      min={least}
      max={most}
      step={step}
      defaultValue={value}
      onBlur={(event) => typed(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && typed(event.currentTarget.value)}
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { id: string; name: string }[];
  onValue(id: string): void;
}

export function ChoiceField({ label, value, options, onValue }: ChoiceProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onValue(event.target.value)}>
        {options.map((option) => (
          <option key={option.id} value={option.id}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
}
