// Somebody found by a few letters: whoever is chosen, or the field with those who fit below it.
import { type ReactElement, type RefObject, useId } from "react";
import { useTranslation } from "react-i18next";

export interface Shown {
  name: string;
  /** What tells them from others of that name. */
  more: string;
}

export interface Offer extends Shown {
  key: string;
  choose(): void;
}

interface Props {
  label: string;
  /** Over whoever is chosen; else as `label`. */
  chosenLabel?: string;
  chosen: Shown | null;
  /** Somebody else is to be chosen. */
  onAgain(): void;
  typed: string;
  onTyped(typed: string): void;
  offers: readonly Offer[];
  /** What becomes of it as it stands, or what is wrong; "": nothing is to be said. */
  note: string;
  box?: RefObject<HTMLInputElement | null>;
}

export function FindField({ label, chosenLabel = label, chosen, onAgain, typed, onTyped, offers, note, box }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  if (chosen !== null) {
    return (
      <div className="field">
        <span className="field-name">{chosenLabel}</span>
        <div className="order-person">
          <b>{chosen.name}</b> <span className="quiet">{chosen.more}</span>
          <button type="button" className="button" onClick={onAgain}>
            {t("order.person_change")}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        ref={box}
        id={id}
        className="input"
        type="search"
        autoComplete="off"
        maxLength={64}
        placeholder={t("order.person_hint")}
        value={typed}
        onChange={(event) => onTyped(event.target.value)}
      />
      <ul className="order-found" aria-label={t("order.found")}>
        {offers.map(({ key, name, more, choose }) => (
          <li key={key}>
            <button type="button" className="button" onClick={choose}>
              <b>{name}</b> <span className="quiet">{more}</span>
            </button>
          </li>
        ))}
      </ul>
      {note !== "" && (
        <p className="quiet" role="status">
          {note}
        </p>
      )}
    </div>
  );
}
