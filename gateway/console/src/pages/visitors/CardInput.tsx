// The number of a visitor's card: read at the desk, or typed as it is printed.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "../../components/Field";
import { ReadCard } from "../../components/ReadCard";

interface Props {
  label: string;
  value: string;
  onValue(card: string): void;
}

export function CardInput({ label, value, onValue }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="visit-card">
      <Field
        label={label}
        placeholder={t("visits.card_hint")}
        pattern="[0-9A-Fa-f]{4,32}"
        maxLength={32}
        value={value}
        onChange={(event) => onValue(event.target.value)}
      />
      <ReadCard onCard={onValue} />
    </div>
  );
}
