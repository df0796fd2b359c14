// A card's number by a reader at the desk: one press, and the next card that is held to it is in the field.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeskReader } from "../api/cards";
import { errorText } from "../i18n/codes";
import { useDeskReaders, useShownCards } from "../state/cards";

interface Props {
  onCard(card: string): void;
  /** Listens at once, and goes on with the next card. */
  always?: boolean;
}

/** Nothing where the site has no reader at a desk. */
export function ReadCard({ onCard, always = false }: Props): ReactElement | null {
  const { t } = useTranslation();
  const readers = useDeskReaders().data ?? [];
  const [chosen, setChosen] = useState("");
  const [pressed, setPressed] = useState(false);
  const reader = chosenOf(readers, chosen);
  const reading = (always || pressed) && reader?.state === "ready";
  const { hears, problem } = useShownCards(reading ? reader : null, (card) => {
    setPressed(false);
    onCard(card);
  });
  if (reader === null) return null;
  return (
    <div className="read-card" data-reading={reading}>
      {readers.length > 1 && (
        <select className="input" aria-label={t("cards.reader")} value={nameOf(reader)} onChange={(event) => setChosen(event.target.value)}>
          {readers.map((each) => (
            <option key={nameOf(each)} value={nameOf(each)}>
              {nameOf(each)} · {t(`cards.reader_${each.state}`)}
            </option>
          ))}
        </select>
      )}
      {!always && (
        <button type="button" className="button" disabled={reader.state !== "ready"} aria-pressed={pressed} onClick={() => setPressed(!pressed)}>
          {t(pressed ? "cards.stop" : "cards.read")}
        </button>
      )}
      <p className={problem === null ? "quiet" : "form-error"} role="status">
        {problem !== null && errorText(t, problem)}
        {problem === null && reading && t(hears ? "cards.hold" : "cards.wait", { reader: reader.reader })}
        {problem === null && reader.state !== "ready" && t(`cards.why_${reader.state}`, { reader: nameOf(reader) })}
      </p>
    </div>
  );
}

const nameOf = (reader: DeskReader): string => `${reader.node}/${reader.reader}`;

/** The one that was chosen, else one that works. */
function chosenOf(readers: readonly DeskReader[], chosen: string): DeskReader | null {
  return readers.find((each) => nameOf(each) === chosen) ?? readers.find((each) => each.state === "ready") ?? readers[0] ?? null;
}
