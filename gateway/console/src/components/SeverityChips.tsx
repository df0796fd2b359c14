// By severity: several at once; none chosen is all of them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../api/types";
import { toggled } from "../logic/toggled";
import { SeverityMark } from "./SeverityMark";

const SEVERITIES: readonly Severity[] = ["critical", "major", "minor", "info"];

interface Props {
  chosen: readonly Severity[];
  onChosen(chosen: readonly Severity[]): void;
}

export function SeverityChips({ chosen, onChosen }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="chips" role="group" aria-label={t("alerts.severities")}>
      {SEVERITIES.map((severity) => (
        <button
          key={severity}
          type="button"
          className="chip"
          aria-pressed={chosen.includes(severity)}
          onClick={() => onChosen(toggled(chosen, severity))}
        >
          <SeverityMark severity={severity} />
          <span aria-hidden="true">{t(`severity.${severity}`)}</span>
        </button>
      ))}
    </div>
  );
}
