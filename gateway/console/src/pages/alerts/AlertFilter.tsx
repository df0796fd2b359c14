// By state and by severity.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { StateFilter } from "../../api/alerts";
import type { Severity } from "../../api/types";
import { SeverityChips } from "../../components/SeverityChips";

const STATES = ["open", "raised", "closed", "all"] as const;

interface Props {
  state: StateFilter;
  onState(state: StateFilter): void;
  severities: readonly Severity[];
  onSeverities(severities: readonly Severity[]): void;
}

export function AlertFilter({ state, onState, severities, onSeverities }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="filter">
      <div className="segments" role="group" aria-label={t("alerts.states")}>
        {STATES.map((item) => (
          <button key={item} type="button" aria-pressed={item === state} onClick={() => onState(item)}>
            {t(`alerts.filter_${item}`)}
          </button>
        ))}
      </div>
      <SeverityChips chosen={severities} onChosen={onSeverities} />
    </div>
  );
}
