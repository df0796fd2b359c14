// By state and by severity.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { StateFilter } from "../../api/alerts";
import type { Severity } from "../../api/types";
import { SeverityMark } from "../../components/SeverityMark";

const STATES = ["open", "raised", "closed", "all"] as const;
const SEVERITIES: readonly Severity[] = ["critical", "major", "minor", "info"];

interface Props {
  state: StateFilter;
  onState(state: StateFilter): void;
  severities: readonly Severity[];
  onSeverities(severities: readonly Severity[]): void;
}

export function AlertFilter({ state, onState, severities, onSeverities }: Props): ReactElement {
  const { t } = useTranslation();
  const toggle = (severity: Severity): void =>
    onSeverities(
      severities.includes(severity) ? severities.filter((item) => item !== severity) : [...severities, severity],
    );
  return (
    <div className="filter">
      <div className="segments" role="group" aria-label={t("alerts.states")}>
        {STATES.map((item) => (
          <button key={item} type="button" aria-pressed={item === state} onClick={() => onState(item)}>
            {t(`alerts.filter_${item}`)}
          </button>
        ))}
      </div>
      <div className="chips" role="group" aria-label={t("alerts.severities")}>
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="chip"
            aria-pressed={severities.includes(severity)}
            onClick={() => toggle(severity)}
          >
            <SeverityMark severity={severity} />
            <span aria-hidden="true">{t(`severity.${severity}`)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
