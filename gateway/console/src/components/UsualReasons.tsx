// Usual reasons, each one press away; any other is typed.
import type { ReactElement } from "react";

interface Props {
  /** Of the group; none inside a field that is labelled. */
  label?: string;
  reasons: readonly string[];
  reason: string;
  onReason(reason: string): void;
}

export function UsualReasons({ label, reasons, reason, onReason }: Props): ReactElement {
  return (
    <div className="order-whys" role={label === undefined ? undefined : "group"} aria-label={label}>
      {reasons.map((words) => (
        <button key={words} type="button" className="chip" aria-pressed={reason === words} onClick={() => onReason(words)}>
          {words}
        </button>
      ))}
    </div>
  );
}
