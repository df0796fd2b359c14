// Labelled inputs: any, a line of text, a day, a time.
import { type InputHTMLAttributes, type ReactElement, useEffect, useId, useRef } from "react";

type FieldProps = {
  label: string;
  /** What is wrong with it so far. */
  fault?: string;
  /** Offered while one types. */
  options?: readonly string[];
  /** Typed into at once. */
  first?: boolean;
} & InputHTMLAttributes<HTMLInputElement>;

export function Field({ label, fault = "", options, first = false, ...input }: FieldProps): ReactElement {
  const id = useId();
  const place = useFirst(first);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={place}
        id={id}
        className="input"
        autoComplete="off"
        list={options === undefined ? undefined : `${id}-list`}
        aria-invalid={fault !== ""}
        aria-describedby={fault === "" ? undefined : `${id}-fault`}
        {...input}
      />
      {options !== undefined && (
        <datalist id={`${id}-list`}>
          {options.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </datalist>
      )}
      {fault !== "" && (
        <span id={`${id}-fault`} className="field-fault">
          {fault}
        </span>
      )}
    </div>
  );
}

/** After a dialog around it has opened; React's own `autoFocus` would come too early for it. */
function useFirst(first: boolean) {
  const place = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) place.current?.focus();
  }, [first]);
  return place;
}

interface ValueProps {
  label: string;
  value: string;
  onValue(value: string): void;
  disabled?: boolean;
}

interface TextProps extends ValueProps {
  hint: string;
  most: number;
  first?: boolean;
}

export function TextField({ hint, most, onValue, ...field }: TextProps): ReactElement {
  return <Field placeholder={hint} maxLength={most} onChange={(event) => onValue(event.target.value)} {...field} />;
}

export function DayField({ onValue, ...field }: ValueProps): ReactElement {
  return <Field type="date" onChange={(event) => onValue(event.target.value)} {...field} />;
}

export function TimeField({ onValue, ...field }: ValueProps): ReactElement {
  return <Field type="time" onChange={(event) => onValue(event.target.value)} {...field} />;
}
