// Somebody brings a card that was found: whose is it? Each card that is held to the reader is answered.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Spelling, whoseCard } from "../../api/cards";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { ReadCard } from "../../components/ReadCard";
import { SpellingField } from "./CardField";
import { CardOwner } from "./CardOwner";

export function WhoseDialog({ onClose }: { onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [spelling, setSpelling] = useState<Spelling>("hex");
  const look = useMutation({ mutationFn: (asked: { card: string; spelling: Spelling }) => whoseCard(asked.card, asked.spelling) });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== "") look.mutate({ card: text.trim(), spelling });
  };
  return (
    <Dialog title={t("cards.whose")} onClose={onClose}>
      <form className="card-field" onSubmit={submit}>
        <ReadCard
          always
          onCard={(card) => {
            setText(card);
            setSpelling("hex");
            look.mutate({ card, spelling: "hex" });
          }}
        />
        <div className="desk-line">
          <TextField label={t("cards.number")} hint={t("cards.hint")} value={text} most={64} onValue={setText} />
          <SpellingField value={spelling} onValue={setSpelling} />
        </div>
        <button type="submit" className="button" disabled={text.trim() === "" || look.isPending}>
          {t("cards.look")}
        </button>
        <Problem error={look.error} />
        {look.data !== undefined && <CardOwner found={look.data} onGo={onClose} />}
      </form>
    </Dialog>
  );
}
