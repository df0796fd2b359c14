// Another one who may collect the child: a person or a car, on which days, and for which siblings.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type CollectorRequest, type Collectors, type Turn, TURNS, type Weekday, WEEKDAYS } from "../../api/people";
import { DayField, TextField } from "../../components/Field";
import { toggled } from "../../logic/toggled";

const KINDS = ["person", "plate"] as const;

interface Props {
  siblings: Collectors["siblings"];
  busy: boolean;
  onAdd(wanted: CollectorRequest): void;
}

export function CollectorForm({ siblings, busy, onAdd }: Props): ReactElement {
  const { t } = useTranslation();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("person");
  const [value, setValue] = useState("");
  const [note, setNote] = useState("");
  const [days, setDays] = useState<readonly Weekday[]>([]);
  const [turn, setTurn] = useState<Turn>("");
  const [turnFrom, setTurnFrom] = useState("");
  const [begins, setBegins] = useState("");
  const [ends, setEnds] = useState("");
  const [too, setToo] = useState<readonly string[]>([]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const span = { ...(begins === "" ? {} : { begins }), ...(ends === "" ? {} : { ends }) };
    const weeks = { turn, ...(turn === "" || turnFrom === "" ? {} : { turn_from: turnFrom }) };
    if (value.trim() === "") return;
    onAdd({ kind, value: value.trim(), note: note.trim(), days: [...days], ...weeks, siblings: [...too], ...span });
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="segments" role="group" aria-label={t("collect.kind")}>
        {KINDS.map((each) => (
          <button key={each} type="button" aria-pressed={each === kind} onClick={() => setKind(each)}>
            {t(`leave.collected_${each}`)}
          </button>
        ))}
      </div>
      <TextField label={t(`leave.collector_${kind}`)} hint={t(`leave.hint_${kind}`)} value={value} most={64} onValue={setValue} />
      <TextField label={t("collect.note")} hint={t("collect.note_hint")} value={note} most={200} onValue={setNote} />
      <Several label={t("collect.days")} all={WEEKDAYS} chosen={days} nameOf={(day) => t(`collect.day_${day}`)} onChosen={setDays} />
      <div className="segments" role="group" aria-label={t("collect.turn")}>
        {TURNS.map((each) => (
          <button key={each} type="button" aria-pressed={each === turn} onClick={() => setTurn(each)}>
            {t(`collect.turn_${each === "" ? "all" : each}`)}
          </button>
        ))}
      </div>
      {turn !== "" && (
        <>
          <p className="quiet">{t("collect.turn_text")}</p>
          <DayField label={t("collect.turn_from")} value={turnFrom} onValue={setTurnFrom} />
        </>
      )}
      <div className="leave-times">
        <DayField label={t("collect.first")} value={begins} onValue={setBegins} />
        <DayField label={t("collect.last")} value={ends} onValue={setEnds} />
      </div>
      {siblings.length > 0 && (
        <Several
          label={t("collect.siblings")}
          all={siblings.map((each) => each.id)}
          chosen={too}
          nameOf={(id) => siblings.find((each) => each.id === id)?.name ?? id}
          onChosen={setToo}
        />
      )}
      <button type="submit" className="button button-main" disabled={value.trim() === "" || busy}>
        {t("collect.allow")}
      </button>
    </form>
  );
}

interface SeveralProps<T extends string> {
  label: string;
  all: readonly T[];
  chosen: readonly T[];
  nameOf(item: T): string;
  onChosen(chosen: readonly T[]): void;
}

function Several<T extends string>({ label, all, chosen, nameOf, onChosen }: SeveralProps<T>): ReactElement {
  return (
    <div className="field">
      <span className="field-name">{label}</span>
      <div className="order-whys" role="group" aria-label={label}>
        {all.map((item) => (
          <button key={item} type="button" className="chip" aria-pressed={chosen.includes(item)} onClick={() => onChosen(toggled(chosen, item))}>
            {nameOf(item)}
          </button>
        ))}
      </div>
    </div>
  );
}
