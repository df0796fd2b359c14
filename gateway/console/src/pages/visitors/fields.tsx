// What both forms ask of a visitor.
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import type { Host, Purpose, VisitDesk } from "../../api/visits";
import { toggled } from "../../logic/toggled";
import { useSettings } from "../../state/settings";

interface AreaProps {
  desk: VisitDesk;
  area: string;
  onArea(area: string): void;
}

/** Nothing to choose where there is one. */
export function AreaField({ desk, area, onArea }: AreaProps): ReactElement | null {
  const { t } = useTranslation();
  const id = useId();
  if (desk.areas.length < 2) return null;
  return (
    <div className="field">
      <label htmlFor={id}>{t("visits.area")}</label>
      <select id={id} className="input" value={area} onChange={(event) => onArea(event.target.value)}>
        {desk.areas.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </select>
    </div>
  );
}

interface AgreementsProps {
  words: VisitDesk["words"];
  purposes: readonly Purpose[];
  agreed: readonly Purpose[];
  onAgreed(agreed: Purpose[]): void;
}

/** The very words that the version with the consent stands for; nothing is ticked beforehand. */
export function Agreements({ words, purposes, agreed, onAgreed }: AgreementsProps): ReactElement {
  const { t } = useTranslation();
  const language = useSettings((settings) => settings.language);
  return (
    <fieldset className="agreements">
      <legend>{t("visits.agreements")}</legend>
      {purposes.map((purpose) => (
        <label key={purpose} className="agreement">
          <input type="checkbox" checked={agreed.includes(purpose)} onChange={() => onAgreed(toggled(agreed, purpose))} />
          <span>{words[language]?.[purpose] ?? ""}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Whom somebody named; undefined: nobody of that name can be visited. */
export const hostNamed = (hosts: readonly Host[], name: string): Host | undefined =>
  hosts.find((host) => host.name === name.trim()) ?? hosts.find((host) => host.id === name.trim());
