// For how long a lane is held open or locked.
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { LASTS } from "../../logic/orders";

interface Props {
  minutes: number;
  onMinutes(minutes: number): void;
}

export function LastsField({ minutes, onMinutes }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("order.lasts")}</label>
      <select id={id} className="input" value={minutes} onChange={(event) => onMinutes(Number(event.target.value))}>
        {LASTS.map((each) => (
          <option key={each} value={each}>
            {each < 60 ? t("order.minutes", { count: each }) : t("order.hours", { count: each / 60 })}
          </option>
        ))}
      </select>
    </div>
  );
}
