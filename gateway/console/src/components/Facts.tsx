// What is known of something: names with values. A fact that is not there is left out.
import type { ReactElement, ReactNode } from "react";

interface FactsProps {
  /** `row`: a few, large, side by side; `table`: a line for each. */
  as?: "row" | "table";
  /** How this list differs from others, as a class. */
  look?: string;
  children: ReactNode;
}

export function Facts({ as = "row", look = "", children }: FactsProps): ReactElement {
  return <dl className={`${as === "row" ? "facts" : "table"} ${look}`.trimEnd()}>{children}</dl>;
}

interface FactProps {
  name: string;
  /** That somebody must see to it. */
  bad?: boolean;
  /** Nothing, or an empty text: the fact is not there. */
  children: ReactNode;
}

export function Fact({ name, bad = false, children }: FactProps): ReactElement | null {
  if (children === null || children === undefined || children === false || children === "") return null;
  return (
    <div className={bad ? "bad" : undefined}>
      <dt>{name}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
