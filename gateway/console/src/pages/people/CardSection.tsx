// Somebody's cards: issued, replaced in one step, reported lost, found again; by a reader at the desk or by typing.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CardEntry, issueCard, type PersonFile, returnCard, withdrawCard } from "../../api/people";
import { Problem } from "../../components/Problem";
import { useFiling } from "../../state/people";
import { useTimes } from "../../state/times";
import { CardField } from "./CardField";

const WHYS = ["lost", "damaged", "returned"] as const;
type Why = (typeof WHYS)[number];

export function CardSection({ file }: { file: PersonFile }): ReactElement {
  const { t } = useTranslation();
  // Another key, another field: what was typed for the card before is gone.
  const [count, setCount] = useState(0);
  const issue = useFiling(file.id, (card: string) => issueCard(file.id, card), () => setCount(count + 1));
  return (
    <section aria-label={t("people.cards")}>
      <h3>{t("people.cards")}</h3>
      <ul className="account-list">
        {file.cards.map((each) => (
          <CardRow key={each.value} file={file} card={each} />
        ))}
      </ul>
      <details open={file.cards.every((card) => card.withdrawn_at !== null)}>
        <summary>{t("people.card_new")}</summary>
        <CardField
          key={count}
          label={t("people.card_new")}
          action={t("people.card_issue")}
          person={file.id}
          busy={issue.isPending}
          error={issue.error}
          onCard={(card) => issue.mutate(card)}
        />
      </details>
    </section>
  );
}

function CardRow({ file, card }: { file: PersonFile; card: CardEntry }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const holds = card.withdrawn_at === null;
  const since = card.withdrawn_at ?? card.issued_at;
  return (
    <li className="card-row" data-card={card.value}>
      <div>
        <strong className="number">{card.value}</strong>
        <span className="quiet">
          {holds ? t("people.card_holds") : t("people.card_ended", { why: card.reason })}
          {since !== null && ` · ${times.full(since)}`}
        </span>
      </div>
      {holds ? <Ending file={file} card={card.value} /> : <Finding file={file} card={card.value} />}
    </li>
  );
}

/** Why a card is to hold no more, and then whether another takes its place. */
function Ending({ file, card }: { file: PersonFile; card: string }): ReactElement {
  const { t } = useTranslation();
  const [why, setWhy] = useState<Why | null>(null);
  const end = useFiling(file.id, (replacement: string) =>
    withdrawCard(file.id, { card, why: t(`people.card_${why ?? "lost"}`), replacement }),
  );
  return (
    <>
      <span className="desk-choices" role="group" aria-label={t("people.card_end")}>
        {WHYS.map((each) => (
          <button key={each} type="button" className="button" aria-pressed={each === why} onClick={() => setWhy(each === why ? null : each)}>
            {t(`people.card_${each}`)}
          </button>
        ))}
      </span>
      {why !== null && (
        <div className="card-end">
          <button type="button" className="button button-main" disabled={end.isPending} onClick={() => end.mutate("")}>
            {t("cards.end_only", { card, why: t(`people.card_${why}`) })}
          </button>
          {why !== "returned" && (
            <CardField
              label={t("cards.replacement")}
              action={t("cards.replace", { card })}
              person={file.id}
              busy={end.isPending}
              error={null}
              onCard={(replacement) => end.mutate(replacement)}
            />
          )}
          <Problem error={end.error} />
        </div>
      )}
    </>
  );
}

function Finding({ file, card }: { file: PersonFile; card: string }): ReactElement {
  const { t } = useTranslation();
  const found = useFiling(file.id, () => returnCard(file.id, card));
  return (
    <>
      <button type="button" className="button" disabled={found.isPending} onClick={() => found.mutate(undefined)}>
        {t("cards.found")}
      </button>
      <Problem error={found.error} />
    </>
  );
}
