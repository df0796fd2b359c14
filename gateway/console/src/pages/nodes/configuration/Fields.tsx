// The keys that are changed every now and then, each with its own field.
import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConfigurationField, FieldValue, Path } from "../../../api/configuration";
import { fieldName, groupTitle, wordOf } from "./words";
import { fieldGroups, pathKey, shownValue, typedValue } from "../../../logic/configuration";

interface Props {
  fields: readonly ConfigurationField[];
  onChange(path: Path, value: FieldValue): void;
}

export function Fields({ fields, onChange }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      {fieldGroups(fields).map(([name, own]) => (
        <fieldset key={name} className="configuration-group">
          <legend>{groupTitle(t, own[0])}</legend>
          {own.map((field) => (
            <Field key={pathKey(field.path)} field={field} onChange={onChange} />
          ))}
        </fieldset>
      ))}
    </>
  );
}

function Field({ field, onChange }: { field: ConfigurationField; onChange: Props["onChange"] }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState(shownValue(field));
  const wrong = typed !== shownValue(field) && typedValue(typed, field) === undefined;
  const set = (text: string): void => {
    setTyped(text);
    const value = typedValue(text, field);
    if (value !== undefined) onChange(field.path, value);
  };
  const said = { id, className: "input", value: typed, "aria-invalid": wrong };
  return (
    <div className="field">
      <label htmlFor={id}>{fieldName(t, field)}</label>
      {field.kind === "choice" ? (
        <select {...said} onChange={(event) => set(event.target.value)}>
          {field.value === null && <option value="">{t("configuration.usual")}</option>}
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {wordOf(t, choice)}
            </option>
          ))}
        </select>
      ) : field.kind === "spans" ? (
        <textarea {...said} rows={3} onChange={(event) => set(event.target.value)} />
      ) : (
        <input {...said} placeholder={t("configuration.usual")} autoComplete="off" onChange={(event) => set(event.target.value)} />
      )}
      {wrong && <p className="form-error">{t(`configuration.wrong_${field.kind}`, { least: field.least, most: field.most })}</p>}
    </div>
  );
}
