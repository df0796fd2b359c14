// Why: the usual reasons are one press away, any other is typed. Nothing is ordered without one.
import { type ReactElement, useId } from "react";
import { useTranslation } from "react-i18next";
import { UsualReasons } from "../../components/UsualReasons";
import type { WHYS } from "../../logic/orders";

interface Props {
  /** What is offered. */
  whys: readonly (typeof WHYS)[number][];
  why: string;
  onWhy(why: string): void;
}

export function ReasonField({ whys, why, onWhy }: Props): ReactElement {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{t("order.why")}</label>
      <UsualReasons reasons={whys.map((name) => t(`order.why_${name}`))} reason={why} onReason={onWhy} />
      <input
        id={id}
        className="input"
        required
        maxLength={500}
        autoComplete="off"
        placeholder={t("order.why_hint")}
        value={why}
        onChange={(event) => onWhy(event.target.value)}
      />
    </div>
  );
}
