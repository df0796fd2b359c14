// Somebody's cards: issued, lost, replaced. A reader at the desk types the number like a keyboard.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CardEntry, issueCard, type PersonFile, withdrawCard } from "../../api/people";
import { useFiling } from "../../state/people";
import { useTimes } from "../../state/times";
import { TextField } from "../alerts/TextField";
import { Problem } from "../account/Problem";

const WHYS = ["lost", "damaged", "returned"] as const;

export function CardSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  const [card, setCard] = useState("");
  const issue = useFiling(file.id, (value: string) => issueCard(file.id, value), () => setCard(""));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (card.trim() !== "") issue.mutate(card.trim());
  };
  return (
    <section aria-label={t("people.cards")}>
      <h3>{t("people.cards")}</h3>
      <ul className="account-list">
        {file.cards.map((each) => (
          <CardRow key={each.value} file={file} card={each} />
        ))}
        {file.plates.map((plate) => (
          <li key={plate}>
            <strong>{plate}</strong>
            <span className="badge">{t("people.way_plate")}</span>
          </li>
        ))}
      </ul>
      <Problem error={issue.error} />
      <form className="desk-line" onSubmit={submit}>
        <TextField label={t("people.card_new")} hint={t("people.card_hint")} value={card} most={64} onValue={setCard} />
        <button type="submit" className="button" disabled={card.trim() === "" || issue.isPending}>
          {t("people.card_issue")}
        </button>
      </form>
    </section>
  );
}

function CardRow({ file, card }: { file: PersonFile; card: CardEntry }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const lose = useFiling(file.id, (why: string) => withdrawCard(file.id, { card: card.value, why, replacement: "" }));
  const since = card.withdrawn_at ?? card.issued_at;
  return (
    <li>
      <div>
        <strong className="number">{card.value}</strong>
        <span className="quiet">
          {card.withdrawn_at === null ? t("people.card_holds") : t("people.card_ended", { why: card.reason })}
          {since !== null && ` · ${times.full(since)}`}
        </span>
        <Problem error={lose.error} />
      </div>
      {card.withdrawn_at === null && (
        <span className="desk-choices" role="group" aria-label={t("people.card_end")}>
          {WHYS.map((why) => (
            <button
              key={why}
              type="button"
              className="button"
              disabled={lose.isPending}
              onClick={() => lose.mutate(t(`people.card_${why}`))}
            >
              {t(`people.card_${why}`)}
            </button>
          ))}
        </span>
      )}
    </li>
  );
}
