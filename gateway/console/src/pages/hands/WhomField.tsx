// Who is let pass: whoever waits there, somebody enrolled, an expected visitor; else the name as it was typed.
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../../api/types";
import { FindField, type Offer } from "../../components/FindField";
import { errorText } from "../../i18n/codes";
import { foundVisits, NOBODY, type Whom } from "../../logic/hands";
import { found } from "../../logic/orders";
import { groupAndNumber, personName } from "../../logic/passages";
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
  const { typed, person, visit } = whom;
  const wanted = typed.trim() !== "";
  const people = usePeople(wanted);
  const expected = useExpected(dayIn(useNow(), useSite().timezone), wanted);
  const box = useBoxFirst();
  const fitting = wanted ? found(people.data ?? [], typed) : offered ? [offered] : [];
  const offers: Offer[] = [
    ...fitting.map((one) => ({
      key: one.id,
      name: personName(one),
      more: groupAndNumber(one),
      choose: () => onWhom({ ...NOBODY, person: one }),
    })),
    ...foundVisits(expected.data ?? [], typed).map(({ id, name, host }) => ({
      key: `visit ${id}`,
      name,
      more: [t("hands.expected"), host].filter(Boolean).join(" · "),
      choose: () => onWhom({ ...NOBODY, visit: { id, name } }),
    })),
  ];
  const none = wanted && people.data !== undefined && offers.length === 0;
  const chosen = person
    ? { name: personName(person), more: person.group }
    : visit && { name: visit.name, more: t("hands.expected") };
  return (
    <FindField
      box={box}
      label={t("order.person")}
      chosen={chosen}
      onAgain={() => onWhom(NOBODY)}
      typed={typed}
      onTyped={(next) => onWhom({ ...NOBODY, typed: next })}
      offers={offers}
      note={people.error !== null ? errorText(t, people.error) : none ? t("hands.unlisted", { name: typed.trim() }) : t("hands.nameless")}
    />
  );
}

/** After the dialog has taken the focus; a thumb wants no keyboard over the reasons. */
function useBoxFirst() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const frame = requestAnimationFrame(() => !matchMedia("(pointer: coarse)").matches && box.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return box;
}
