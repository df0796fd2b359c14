// By place and by severity.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../../api/types";
import { SeverityMark } from "../../components/SeverityMark";

const SEVERITIES: readonly Severity[] = ["critical", "major", "minor", "info"];

interface Props {
  places: readonly string[];
  place: string | null;
  onPlace(place: string | null): void;
  severities: readonly Severity[];
  onSeverities(severities: readonly Severity[]): void;
}

export function QueueFilter({ places, place, onPlace, severities, onSeverities }: Props): ReactElement {
  const { t } = useTranslation();
  const toggle = (severity: Severity): void =>
    onSeverities(severities.includes(severity) ? severities.filter((one) => one !== severity) : [...severities, severity]);
  return (
    <div className="filter">
      <select
        className="input"
        aria-label={t("queue.places")}
        value={place ?? ""}
        onChange={(event) => onPlace(event.target.value === "" ? null : event.target.value)}
      >
        <option value="">{t("queue.every_place")}</option>
        {places.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
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
