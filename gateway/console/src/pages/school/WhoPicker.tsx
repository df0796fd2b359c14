// Who collects a child this once: somebody listed for it, anybody enrolled whom one may see, else by number.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { FindField } from "../../components/FindField";
import { errorText } from "../../i18n/codes";
import { type Known, offered } from "../../logic/whoCollects";
import { usePeople } from "../../state/orders";
import { useCollectors } from "../../state/people";

interface Props {
  child: string;
  who: Known | null;
  onWho(who: Known | null): void;
}

export function WhoPicker({ child, who, onWho }: Props): ReactElement {
  const { t } = useTranslation();
  const [typed, type] = useState("");
  const listed = useCollectors(child);
  const people = usePeople(typed.trim() !== "");
  const error = listed.error ?? people.error;
  const offers = offered(listed.data?.items ?? [], people.data ?? [], typed);
  return (
    <FindField
      label={t("leave.who")}
      chosenLabel={t("leave.collected_person")}
      chosen={who && { name: who.name || who.id, more: who.more }}
      onAgain={() => onWho(null)}
      typed={typed}
      onTyped={type}
      offers={offers.map((one) => ({
        key: one.id,
        name: one.name || t("leave.by_number", { id: one.id }),
        more: one.more,
        choose: () => onWho(one),
      }))}
      note={error === null ? "" : errorText(t, error)}
    />
  );
}
