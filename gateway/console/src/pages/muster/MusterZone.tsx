// One zone of the roll call: a tap on somebody says that they were met, another takes it back.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { MusterPerson } from "../../api/emergency";
import { Icon } from "../../components/Icon";
import type { Zone } from "../../logic/muster";
import { useTimes } from "../../state/times";

interface Props {
  zone: Zone;
  /** A roll call is under way. */
  calling: boolean;
  /** As of when the list is: a time of another day is told with its day. */
  asOf: string;
  onMet(id: string, met: boolean): void;
}

export function MusterZone({ zone, calling, asOf, onMet }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="panel muster-zone" aria-label={zone.name || t("muster.no_zone")}>
      <header className="panel-head">
        <h2>{zone.name || t("muster.no_zone")}</h2>
        <span>{calling ? t("muster.missing", { count: zone.missing }) : t("muster.inside", { count: zone.people.length })}</span>
      </header>
      <ul className="muster-people">
        {zone.people.map((person) => (
          <li key={person.id} data-person={person.id} data-met={person.met_at !== null} data-stale={person.stale}>
            {calling ? (
              <button type="button" aria-pressed={person.met_at !== null} onClick={() => onMet(person.id, person.met_at === null)}>
                <span className="muster-box">{person.met_at !== null && <Icon name="check" />}</span>
                <Line person={person} asOf={asOf} />
              </button>
            ) : (
              <span className="muster-line">
                <span className="muster-box print-only" />
                <Line person={person} asOf={asOf} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ person, asOf }: { person: MusterPerson; asOf: string }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const when = (at: string): string => times.since(at, asOf);
  return (
    <span className="muster-who">
      <b>{person.name || person.id}</b> <span>{person.group}</span>
      <small>
        {person.zone !== "" && t("muster.since", { time: when(person.at), node: person.node })}
        {person.stale && <em> · {t("muster.not_sure")}</em>}
        {person.left_at !== null && <em> · {t("muster.left", { time: when(person.left_at) })}</em>}
        {person.met_at !== null && ` · ${t("muster.met_by", { who: person.met_by, time: when(person.met_at) })}`}
      </small>
    </span>
  );
}
