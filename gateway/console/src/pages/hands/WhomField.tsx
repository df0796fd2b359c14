// Who is let pass: whoever waits there, somebody enrolled, an expected visitor; else the name as it was typed.
import { type ReactElement, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../api/types";
import { errorText } from "../../i18n/codes";
import { foundVisits, NOBODY, type Whom } from "../../logic/hands";
import { found } from "../../logic/orders";
import { personName } from "../../logic/passages";
import { dayIn } from "../../logic/zone";
import { useExpected } from "../../state/hands";
import { useNow } from "../../state/now";
import { usePeople } from "../../state/orders";
import { useSite } from "../../state/session";

interface Props {
  whom: Whom;
  /** Who was refused at that lane a moment ago. */
  offered: Person | null;
  onWhom(whom: Whom): void;
}

export function WhomField({ whom, offered, onWhom }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After the dialog has taken the focus; a thumb wants no keyboard over the reasons.
    const frame = requestAnimationFrame(() => !matchMedia("(pointer: coarse)").matches && box.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  const chosen = whom.person ?? whom.visit;
  if (chosen !== null) {
    const name = whom.person ? personName(whom.person) : chosen.name;
    return (
      <div className="field">
        <span className="field-name">{t("order.person")}</span>
        <div className="order-person">
          <b>{name}</b> <span className="quiet">{whom.person?.group ?? t("hands.expected")}</span>
          <button type="button" className="button" onClick={() => onWhom(NOBODY)}>
            {t("order.person_change")}
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{t("order.person")}</label>
      <input
        ref={box}
        id={id}
        className="input"
        type="search"
        autoComplete="off"
        placeholder={t("order.person_hint")}
        value={whom.typed}
        onChange={(event) => onWhom({ ...NOBODY, typed: event.target.value })}
      />
      <Offers typed={whom.typed} offered={offered} onWhom={onWhom} />
    </div>
  );
}

function Offers({ typed, offered, onWhom }: { typed: string; offered: Person | null; onWhom(whom: Whom): void }): ReactElement {
  const { t } = useTranslation();
  const wanted = typed.trim() !== "";
  const people = usePeople(wanted);
  const expected = useExpected(dayIn(useNow(), useSite().timezone), wanted);
  const visits = foundVisits(expected.data ?? [], typed);
  const fitting = wanted ? found(people.data ?? [], typed) : offered ? [offered] : [];
  const none = wanted && people.data !== undefined && fitting.length + visits.length === 0;
  return (
    <>
      <ul className="order-found" aria-label={t("order.found")}>
        {fitting.map((one) => (
          <li key={one.id}>
            <button type="button" className="button" onClick={() => onWhom({ ...NOBODY, person: one })}>
              <b>{personName(one)}</b> <span className="quiet">{[one.group, one.id].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
        {visits.map((visit) => (
          <li key={visit.id}>
            <button type="button" className="button" onClick={() => onWhom({ ...NOBODY, visit: { id: visit.id, name: visit.name } })}>
              <b>{visit.name}</b> <span className="quiet">{[t("hands.expected"), visit.host].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className="quiet" role="status">
        {people.error !== null ? errorText(t, people.error) : none ? t("hands.unlisted", { name: typed.trim() }) : t("hands.nameless")}
      </p>
    </>
  );
}
