// By place and by severity.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Severity } from "../../api/types";
import { SeverityChips } from "../../components/SeverityChips";

interface Props {
  places: readonly string[];
  place: string | null;
  onPlace(place: string | null): void;
  severities: readonly Severity[];
  onSeverities(severities: readonly Severity[]): void;
}

export function QueueFilter({ places, place, onPlace, severities, onSeverities }: Props): ReactElement {
  const { t } = useTranslation();
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
      <SeverityChips chosen={severities} onChosen={onSeverities} />
    </div>
  );
}
