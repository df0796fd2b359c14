// What both forms ask of a visitor.
import { type InputHTMLAttributes, type ReactElement, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Host, Purpose, VisitDesk } from "../../api/visits";
import { useSettings } from "../../state/settings";

type Props = { label: string; fault?: string; options?: readonly string[]; first?: boolean } & InputHTMLAttributes<HTMLInputElement>;

/**
 * A labelled input; `options` are offered while one types, `fault` says what is wrong with it so far. With `first` it is
 * typed into at once: the form was just asked for.
 */
export function Input({ label, fault = "", options, first = false, ...input }: Props): ReactElement {
  const id = useId();
  const place = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (first) place.current?.focus();
  }, [first]);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={place}
        id={id}
        className="input"
        autoComplete="off"
        list={options === undefined ? undefined : `${id}-list`}
        aria-invalid={fault !== ""}
        aria-describedby={fault === "" ? undefined : `${id}-fault`}
        {...input}
      />
      {options !== undefined && (
        <datalist id={`${id}-list`}>
          {options.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </datalist>
      )}
      {fault !== "" && (
        <span id={`${id}-fault`} className="field-fault">
          {fault}
        </span>
      )}
    </div>
  );
}

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
  const flip = (purpose: Purpose): void =>
    onAgreed(agreed.includes(purpose) ? agreed.filter((each) => each !== purpose) : [...agreed, purpose]);
  return (
    <fieldset className="agreements">
      <legend>{t("visits.agreements")}</legend>
      {purposes.map((purpose) => (
        <label key={purpose} className="agreement">
          <input type="checkbox" checked={agreed.includes(purpose)} onChange={() => flip(purpose)} />
          <span>{words[language]?.[purpose] ?? ""}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Whom somebody named; undefined: nobody of that name can be visited. */
export const hostNamed = (hosts: readonly Host[], name: string): Host | undefined =>
  hosts.find((host) => host.name === name.trim()) ?? hosts.find((host) => host.id === name.trim());
