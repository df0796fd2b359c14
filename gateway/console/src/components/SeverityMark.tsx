// How grave an alert is, by colour and by shape: octagon, triangle, diamond, circle.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../api/types";
import { SHAPES, SIGNS } from "./severityShapes";

export function SeverityMark({ severity }: { severity: Severity }): ReactElement {
  const { t } = useTranslation();
  return (
    <svg className={`severity severity-${severity}`} viewBox="0 0 32 32" role="img" aria-label={t(`severity.${severity}`)}>
      <path className="severity-shape" d={SHAPES[severity]} />
      <path className="severity-sign" d={SIGNS[severity]} />
    </svg>
  );
}
