// What became of an order: said where it was pressed, to eyes and to screen readers, and never below the screen's edge.
import { type ReactElement, type ReactNode, useEffect, useRef } from "react";

interface Props {
  status: "idle" | "pending" | "success" | "error";
  children: ReactNode;
}

export function OrderOutcome({ status, children }: Props): ReactElement {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (status !== "idle") place.current?.scrollIntoView({ block: "nearest" });
  }, [status]);
  return (
    <p ref={place} className="order-outcome" role="status" data-outcome={status}>
      {children}
    </p>
  );
}
