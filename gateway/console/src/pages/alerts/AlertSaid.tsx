// What is known of an alert beyond its kind: said by a machine, or typed by a person.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Said } from "../../components/Said";
import { isTyped } from "../../logic/alerts";

interface Props {
  kind: string;
  detail: string;
}

export function AlertSaid({ kind, detail }: Props): ReactElement {
  const { t } = useTranslation();
  // Nodes know people by numbers that say nothing to a guard.
  if (detail.startsWith("by the face: ")) return <>{t("cause.by_the_face")}</>;
  if (isTyped(kind)) return <>{detail}</>;
  return (
    <>
      <Said text={detail} />
      {kind === "camera_blind" && <p className="quiet">{t("alerts.camera_advice")}</p>}
    </>
  );
}
