// What could not be sent on to the world outside: here everything is seen and heard all the same.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Debt } from "../api/emergency";
import { useOutward } from "../state/emergency";
import { useTimes } from "../state/times";
import { Icon } from "./Icon";

const WAYS = ["police", "notices"] as const;
const owes = (debt: Debt): boolean => debt.waiting > 0;

export function OutwardBanner(): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const outward = useOutward().data;
  if (outward === undefined || !WAYS.some((way) => owes(outward[way]))) return null;
  return (
    <section className="outward" role="status">
      <Icon name="broken" />
      <div>
        <strong>{t("outward.title")}</strong>
        {WAYS.filter((way) => owes(outward[way])).map((way) => (
          <span key={way} data-way={way}>
            {t(`outward.${way}`, { count: outward[way].waiting })}
            {outward[way].oldest !== null && ` · ${t("outward.oldest", { time: times.clock(outward[way].oldest) })}`}
          </span>
        ))}
        <span>{t("outward.text")}</span>
      </div>
    </section>
  );
}
