// A card's number: read at the desk, or typed as it is printed; and whose it is, before anything is done with it.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Spelling, SPELLINGS, type WhoseCard, whoseCard } from "../../api/cards";
import { TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { ReadCard } from "../../components/ReadCard";
import { CardOwner } from "./CardOwner";

interface Props {
  label: string;
  /** What is done with the card, as the button says it. */
  action: string;
  /** Whose card it may be already without being refused. */
  person: string;
  busy: boolean;
  error: unknown;
  onCard(card: string): void;
}

export function CardField({ label, action, person, busy, error, onCard }: Props): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [spelling, setSpelling] = useState<Spelling>("hex");
  const look = useMutation({ mutationFn: (asked: { card: string; spelling: Spelling }) => whoseCard(asked.card, asked.spelling) });
  const typed = (value: string): void => {
    setText(value);
    look.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (look.data !== undefined) onCard(look.data.card);
    else if (text.trim() !== "") {
      // What is nobody's and never was needs no second press.
      const done = ({ how, card }: WhoseCard): void => (how === "unknown" ? onCard(card) : undefined);
      look.mutate({ card: text.trim(), spelling }, { onSuccess: done });
    }
  };
  const taken = look.data !== undefined && !isFree(look.data, person);
  return (
    <form className="card-field" onSubmit={submit}>
      <ReadCard
        onCard={(card) => {
          setText(card);
          setSpelling("hex");
          look.mutate({ card, spelling: "hex" });
        }}
      />
      <div className="desk-line">
        <TextField label={label} hint={t("cards.hint")} value={text} most={64} onValue={typed} />
        <SpellingField
          value={spelling}
          onValue={(value) => {
            setSpelling(value);
            look.reset();
          }}
        />
      </div>
      {look.data !== undefined && <CardOwner found={look.data} />}
      <Problem error={taken ? t("cards.taken") : (look.error ?? error)} />
      <button type="submit" className="button button-main" disabled={text.trim() === "" || busy || look.isPending || taken}>
        {action}
      </button>
    </form>
  );
}

/** Nobody else has it. */
const isFree = (found: WhoseCard, person: string): boolean =>
  found.how === "unknown" || found.how === "withdrawn" || found.owner?.id === person;

export function SpellingField({ value, onValue }: { value: Spelling; onValue(value: Spelling): void }): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("cards.spelling")}</label>
      <select id={id} className="input" value={value} onChange={(event) => onValue(event.target.value as Spelling)}>
        {SPELLINGS.map((each) => (
          <option key={each} value={each}>
            {t(`cards.as_${each}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
