// One line of text with its label.
import { type ReactElement, useEffect, useId, useRef } from "react";

interface Props {
  label: string;
  hint: string;
  value: string;
  most: number;
  onValue(value: string): void;
  /** Typed into at once. */
  first?: boolean;
}

export function TextField({ label, hint, value, most, onValue, first = false }: Props): ReactElement {
  const id = useId();
  const place = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Of a dialog that opens, the browser focuses what says so; React's own `autoFocus` would come too early for it.
    if (first) place.current?.setAttribute("autofocus", "");
  }, [first]);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={place}
        id={id}
        className="input"
        autoComplete="off"
        placeholder={hint}
        maxLength={most}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
    </div>
  );
}
