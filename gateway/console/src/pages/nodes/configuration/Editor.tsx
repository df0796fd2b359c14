// A change: by a form or as text, looked at, then pushed with a reason.
import { useMutation } from "@tanstack/react-query";
import { type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Configuration, type FieldValue, type Look, lookAt, type Path } from "../../../api/configuration";
import { errorText } from "../../../i18n/codes";
import { pathKey } from "../../../logic/configuration";
import { Fields } from "./Fields";
import { Looked } from "./Looked";

type Changes = Record<string, { path: Path; value: FieldValue }>;

export function Editor({ configuration }: { configuration: Configuration }): ReactElement {
  const { t } = useTranslation();
  const [way, setWay] = useState<"form" | "text">("form");
  const [text, setText] = useState(configuration.text);
  const [fields, setFields] = useState(configuration.fields);
  const [changes, setChanges] = useState<Changes>({});
  const [looked, setLooked] = useState<Look | null>(null);
  const look = useMutation({
    mutationFn: () => lookAt(configuration.node, { base: configuration.mark, text, changes: Object.values(changes) }),
    onSuccess: (found) => {
      setText(found.text);
      setFields(found.fields);
      setChanges({});
      setLooked(found);
    },
  });
  const change = (path: Path, value: FieldValue): void => {
    setChanges((all) => ({ ...all, [pathKey(path)]: { path, value } }));
    setLooked(null);
  };
  const type = (typed: string): void => {
    setText(typed);
    setLooked(null);
  };
  const touched = text !== configuration.text || Object.keys(changes).length > 0;
  return (
    <section className="configuration-editor" aria-label={t("configuration.change")}>
      <div className="configuration-ways" role="group" aria-label={t("configuration.change")}>
        {(["form", "text"] as const).map((each) => (
          <button key={each} type="button" className="button" aria-pressed={way === each} onClick={() => setWay(each)}>
            {t(`configuration.by_${each}`)}
          </button>
        ))}
      </div>
      {way === "form" ? <Fields key={text} fields={fields} onChange={change} /> : <Text text={text} onText={type} />}
      <button
        type="button"
        className="button button-main"
        disabled={!touched || look.isPending}
        onClick={() => look.mutate()}
      >
        {t(look.isPending ? "configuration.looking" : "configuration.look")}
      </button>
      {look.isError && (
        <p className="form-error" role="alert">
          {errorText(t, look.error)}
        </p>
      )}
      {looked !== null && <Looked node={configuration.node} base={configuration.mark} look={looked} />}
    </section>
  );
}

function Text({ text, onText }: { text: string; onText(text: string): void }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("configuration.toml")}</label>
      <textarea
        id={id}
        className="input configuration-text"
        spellCheck={false}
        rows={Math.min(30, text.split("\n").length + 1)}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
    </div>
  );
}
