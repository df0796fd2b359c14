// At an alert about a child who leaves: who may collect it, those of today first. Only for who may ask.
import type { ReactElement } from "react";
import type { Alert } from "../../api/types";
import { aboutLeaving } from "../../logic/alerts";
import { useRole } from "../../state/session";
import { CollectorSection } from "../people/CollectorSection";

const MAY_ASK: ReadonlySet<string> = new Set(["admin", "guard"]);

export function WhoCollects({ alert }: { alert: Alert }): ReactElement | null {
  const role = useRole();
  if (alert.person === null || !aboutLeaving(alert) || !MAY_ASK.has(role)) return null;
  return <CollectorSection person={alert.person.id} />;
}
