// Who collects a child this once: somebody listed for it, anybody enrolled whom one may see, else by number.
import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "../../i18n/codes";
import { type Known, offered } from "../../logic/whoCollects";
import { usePeople } from "../../state/orders";
import { useCollectors } from "../../state/people";

interface Props {
  child: string;
  who: Known | null;
  onWho(who: Known | null): void;
}

export function WhoPicker({ child, who, onWho }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [typed, type] = useState("");
  const listed = useCollectors(child);
  const people = usePeople(typed.trim() !== "");
  if (who !== null) {
    return (
      <div className="field">
        <span className="field-name">{t("leave.collected_person")}</span>
        <div className="order-person">
          <b>{who.name || who.id}</b> <span className="quiet">{who.more}</span>
          <button type="button" className="button" onClick={() => onWho(null)}>
            {t("order.person_change")}
          </button>
        </div>
      </div>
    );
  }
  const offers = offered(listed.data?.items ?? [], people.data ?? [], typed);
  const error = listed.error ?? people.error;
  return (
    <div className="field">
      <label htmlFor={id}>{t("leave.who")}</label>
      <input
        id={id}
        className="input"
        type="search"
        autoComplete="off"
        maxLength={64}
        placeholder={t("order.person_hint")}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
      <ul className="order-found" aria-label={t("order.found")}>
        {offers.map((one) => (
          <li key={one.id}>
            <button type="button" className="button" onClick={() => onWho(one)}>
              <b>{one.name || t("leave.by_number", { id: one.id })}</b> <span className="quiet">{one.more}</span>
            </button>
          </li>
        ))}
      </ul>
      {error !== null && (
        <p className="quiet" role="status">
          {errorText(t, error)}
        </p>
      )}
    </div>
  );
}
