// One guardian: name, language, where they are told, and for which other children too.
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Guardian, type Language, LANGUAGES } from "../../api/particulars";
import type { Collectors } from "../../api/people";
import { TextField } from "../../components/Field";

interface Said {
  name: string;
  language: Language;
  /** Null: as before. */
  address: string | null;
  siblings: string[];
}

interface Props {
  guardian?: Guardian;
  siblings: Collectors["siblings"];
  busy: boolean;
  action: string;
  onSaid(said: Said): void;
}

export function GuardianForm({ guardian, siblings, busy, action, onSaid }: Props): ReactElement {
  const { t } = useTranslation();
  const [name, setName] = useState(guardian?.name ?? "");
  const [address, setAddress] = useState("");
  const [language, setLanguage] = useState<Language>(guardian?.language ?? "zh-CN");
  const [too, setToo] = useState<readonly string[]>([]);
  const id = useId();
  const ready = name.trim() !== "" && (guardian !== undefined || address.trim() !== "") && !busy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const where = address.trim() === "" ? null : address.trim();
    if (ready) onSaid({ name: name.trim(), language, address: where, siblings: [...too] });
  };
  const toggle = (child: string): void => setToo(too.includes(child) ? too.filter((each) => each !== child) : [...too, child]);
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="desk-pair">
        <TextField label={t("particulars.guardian_name")} hint={t("particulars.guardian_name_hint")} value={name} most={200} onValue={setName} />
        <div className="field">
          <label htmlFor={id}>{t("particulars.language")}</label>
          <select id={id} className="input" value={language} onChange={(event) => setLanguage(event.target.value as Language)}>
            {LANGUAGES.map((each) => (
              <option key={each} value={each}>
                {t(`particulars.language_${each}`)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <TextField
        label={t("particulars.address")}
        hint={t(guardian === undefined ? "particulars.address_hint" : "particulars.address_kept")}
        value={address}
        most={1000}
        onValue={setAddress}
      />
      {siblings.length > 0 && (
        <div className="order-whys" role="group" aria-label={t("collect.siblings")}>
          <span>{t("collect.siblings")}</span>
          {siblings.map((child) => (
            <button key={child.id} type="button" className="chip" aria-pressed={too.includes(child.id)} onClick={() => toggle(child.id)}>
              {child.name}
            </button>
          ))}
        </div>
      )}
      <button type="submit" className="button button-main" disabled={!ready}>
        {action}
      </button>
    </form>
  );
}
