// Who was let pass: found by name or number among those enrolled, or a visitor whom the reason names.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PersonEntry } from "../../api/types";
import { FindField } from "../../components/FindField";
import { errorText } from "../../i18n/codes";
import { found } from "../../logic/orders";
import { groupAndNumber, personName } from "../../logic/passages";
import { usePeople } from "../../state/orders";

interface Props {
  person: PersonEntry | null;
  onPerson(person: PersonEntry | null): void;
}

export function PersonPicker({ person, onPerson }: Props): ReactElement {
  const { t } = useTranslation();
  const [typed, type] = useState("");
  const asked = usePeople(typed !== "");
  const fitting = found(asked.data ?? [], typed);
  const none = typed !== "" && asked.data !== undefined && fitting.length === 0;
  return (
    <FindField
      label={t("order.person")}
      chosen={person && { name: personName(person), more: person.group }}
      onAgain={() => onPerson(null)}
      typed={typed}
      onTyped={type}
      offers={fitting.map((one) => ({ key: one.id, name: personName(one), more: groupAndNumber(one), choose: () => onPerson(one) }))}
      note={asked.error !== null ? errorText(t, asked.error) : t(none ? "order.nobody" : "order.visitor")}
    />
  );
}
