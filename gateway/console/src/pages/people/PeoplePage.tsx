// Everybody enrolled: found by name, counted, and opened.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Everybody, Listed } from "../../api/people";
import { Empty, Loaded } from "../../components/Loaded";
import { VirtualList } from "../../components/VirtualList";
import { CHOICES, type Choice, foundPeople, isChosen, isFaceless } from "../../logic/people";
import { routeTo } from "../../logic/route";
import { useEverybody } from "../../state/people";
import { go, useRoute } from "../../state/route";
import { ImportDialog } from "./ImportDialog";
import { MoveBar } from "./MoveBar";
import { PersonDialog } from "./PersonDialog";
import { PersonRow, PickRow } from "./PersonRow";
import { WhoseDialog } from "./WhoseDialog";

export function PeoplePage(): ReactElement {
  const { t } = useTranslation();
  const { id: open, query } = useRoute();
  const asked = useEverybody();
  const [doing, setDoing] = useState<"import" | "whose" | null>(null);
  const [text, setText] = useState(query.find ?? "");
  // Null: nobody is being chosen.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [choice, setChoice] = useState<Choice>("all");
  const everybody = asked.data?.items ?? [];
  const found = foundPeople(everybody, text, choice);
  return (
    <section className="panel page people" aria-label={t("people.title")}>
      <header className="panel-head">
        <h1>{t("people.title")}</h1>
        {asked.data !== undefined && <Faces faces={asked.data.faces} />}
        <span className="desk-choices">
          <button type="button" className="button" aria-pressed={chosen !== null} onClick={() => setChosen(chosen === null ? new Set() : null)}>
            {t(chosen === null ? "timetable.move" : "timetable.move_stop")}
          </button>
          <button type="button" className="button" onClick={() => setDoing("whose")}>
            {t("cards.whose")}
          </button>
          <button type="button" className="button" onClick={() => setDoing("import")}>
            {t("table.open")}
          </button>
        </span>
      </header>
      <search className="filter" aria-label={t("people.search")}>
        <input
          className="input"
          type="search"
          aria-label={t("people.search")}
          placeholder={t("people.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Choices people={everybody} choice={choice} onChoice={setChoice} />
      </search>
      {chosen !== null && <MoveBar everybody={everybody} found={found} chosen={chosen} onChosen={setChosen} />}
      <Loaded
        asked={asked}
        empty={found.length === 0}
        emptyState={<Empty icon="person" title={t("people.empty")} text={t("people.empty_text")} />}
      >
        <VirtualList
          label={t("people.title")}
          items={found}
          idOf={(person) => person.id}
          estimate={64}
          render={(person) =>
            chosen === null ? <PersonRow person={person} /> : <PickRow person={person} chosen={chosen} onChosen={setChosen} />
          }
          more={null}
          foot={null}
        />
      </Loaded>
      {doing === "import" && <ImportDialog onClose={() => setDoing(null)} />}
      {doing === "whose" && <WhoseDialog onClose={() => setDoing(null)} />}
      {open !== null && <PersonDialog key={open} person={open} onClose={() => go(routeTo("people"))} />}
    </section>
  );
}

interface ChoicesProps {
  people: readonly Listed[];
  choice: Choice;
  onChoice(choice: Choice): void;
}

function Choices({ people, choice, onChoice }: ChoicesProps): ReactElement {
  const { t } = useTranslation();
  const counts: Record<Choice, number> = {
    all: people.length,
    stranded: people.filter((person) => person.stranded).length,
    faceless: people.filter(isFaceless).length,
    driving: people.filter((person) => isChosen(person, "driving")).length,
  };
  return (
    <div className="chips">
      {CHOICES.map((each) => (
        <button
          key={each}
          type="button"
          className={`chip people-${each}`}
          aria-pressed={each === choice}
          onClick={() => onChoice(each)}
        >
          {t(`people.choice_${each}`)} <b className="number">{counts[each]}</b>
        </button>
      ))}
    </div>
  );
}

/** How far it is to the number of faces that must be filed with the authorities. */
function Faces({ faces }: { faces: Everybody["faces"] }): ReactElement {
  const { t, i18n } = useTranslation();
  const words = t("people.faces", { count: faces.count, filing: faces.filing.toLocaleString(i18n.language) });
  return <span className={faces.verdict === "ok" ? "quiet" : "day-late"}>{words}</span>;
}
