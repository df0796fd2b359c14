// A labelled input.
import type { InputHTMLAttributes, ReactElement } from "react";
import { useId } from "react";

type Props = { label: string } & InputHTMLAttributes<HTMLInputElement>;

export function Field({ label, ...input }: Props): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="input" required {...input} />
    </div>
  );
}
