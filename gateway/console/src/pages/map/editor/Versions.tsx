// Earlier versions: one is brought back as the next step, which an undo takes back and a save keeps.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Drawing, fetchVersion, fetchVersions } from "../../../api/sitePlan";
import { useTimes } from "../../../state/times";
import { Problem } from "../../../components/Problem";

export function Versions({ onLoad }: { onLoad(drawing: Drawing): void }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const [open, show] = useState(false);
  const asked = useQuery({ queryKey: ["site-plan", "versions"], queryFn: ({ signal }) => fetchVersions(signal), enabled: open });
  const loaded = useMutation({ mutationFn: fetchVersion, onSuccess: ({ drawing }) => drawing !== null && onLoad(drawing) });
  return (
    <details onToggle={(event) => show(event.currentTarget.open)}>
      <summary>{t("map.versions")}</summary>
      <Problem error={asked.error ?? loaded.error} />
      {asked.data?.length === 0 && <p className="quiet">{t("map.no_versions")}</p>}
      <ul className="map-list">
        {(asked.data ?? []).map(({ version, saved_by, saved_at }) => (
          <li key={version}>
            <button type="button" className="map-item" onClick={() => loaded.mutate(version)}>
              <b className="number">{version}</b>
              <span>{saved_by}</span>
              <span className="quiet number">{times.full(saved_at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
