// Who was let pass: found by name or number among those enrolled, or a visitor whom the reason names.
import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonEntry } from "../../api/types";
import { errorText } from "../../i18n/codes";
import { found } from "../../logic/orders";
import { personName } from "../../logic/passages";
import { usePeople } from "../../state/orders";

interface Props {
  person: PersonEntry | null;
  onPerson(person: PersonEntry | null): void;
}

export function PersonPicker({ person, onPerson }: Props): ReactElement {
  const { t } = useTranslation();
  const [typed, type] = useState("");
  const id = useId();
  const asked = usePeople(typed !== "");
  if (person !== null) {
    return (
      <div className="field">
        <span className="field-name">{t("order.person")}</span>
        <div className="order-person">
          <b>{personName(person)}</b> <span className="quiet">{person.group}</span>
          <button type="button" className="button" onClick={() => onPerson(null)}>
            {t("order.person_change")}
          </button>
        </div>
      </div>
    );
  }
  const fitting = found(asked.data ?? [], typed);
  return (
    <div className="field">
      <label htmlFor={id}>{t("order.person")}</label>
      <input
        id={id}
        className="input"
        type="search"
        autoComplete="off"
        placeholder={t("order.person_hint")}
        value={typed}
        onChange={(event) => type(event.target.value)}
      />
      <ul className="order-found" aria-label={t("order.found")}>
        {fitting.map((one) => (
          <li key={one.id}>
            <button type="button" className="button" onClick={() => onPerson(one)}>
              <b>{personName(one)}</b> <span className="quiet">{[one.group, one.id].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="quiet" role="status">
        {asked.error !== null
          ? errorText(t, asked.error)
          : typed !== "" && asked.data !== undefined && fitting.length === 0
            ? t("order.nobody")
            : t("order.visitor")}
      </p>
    </div>
  );
}
