// One person in the list: by what they come in, or that nothing lets them in.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Listed, Way } from "../../api/people";
import { isMovable } from "../../logic/people";
import { routeTo } from "../../logic/route";

export function PersonRow({ person }: { person: Listed }): ReactElement {
  return (
    <a className="row" href={routeTo("people", person.id)} data-person={person.id}>
      <PersonText person={person} />
    </a>
  );
}

interface PickProps {
  person: Listed;
  chosen: ReadonlySet<string>;
  onChosen(chosen: ReadonlySet<string>): void;
}

/** One who can be chosen beside others; whose group is set by other ways cannot. */
export function PickRow({ person, chosen, onChosen }: PickProps): ReactElement {
  const { t } = useTranslation();
  const { id } = person;
  const without = new Set([...chosen].filter((each) => each !== id));
  return (
    <label className="row row-pick" data-person={id}>
      <input
        type="checkbox"
        aria-label={t("timetable.move_pick", { name: person.name })}
        disabled={!isMovable(person)}
        checked={chosen.has(id)}
        onChange={(event) => onChosen(event.target.checked ? new Set([...chosen, id]) : without)}
      />
      <PersonText person={person} />
    </label>
  );
}

function PersonText({ person }: { person: Listed }): ReactElement {
  const { t } = useTranslation();
  return (
    <>
      <span className="row-text">
        <strong>{person.name}</strong>
        <span className="row-meta">
          <span>{person.group}</span>
          <span>{person.id}</span>
          {person.plates.map((plate) => (
            <span key={plate} className="number">
              {plate}
            </span>
          ))}
          <span>
            {t("people.purpose_recognition")}: {t(`people.consent_${person.consents.recognition.state}`)}
          </span>
        </span>
      </span>
      <Ways ways={person.ways} stranded={person.stranded} />
    </>
  );
}

export function Ways({ ways, stranded }: { ways: readonly Way[]; stranded: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="passage-badges">
      {stranded && <span className="badge badge-alert">{t("people.stranded")}</span>}
      {ways.map((way) => (
        <span key={way} className="badge">
          {t(`people.way_${way}`)}
        </span>
      ))}
    </span>
  );
}
