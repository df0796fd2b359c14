// How long ago something was, counting on.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ageOf, ageSeconds } from "../logic/age";
import { useNow } from "../state/now";
import { useTimes } from "../state/times";

export function ageText(t: TFunction, seconds: number): string {
  const { unit, count } = ageOf(seconds);
  return unit === "now" ? t("age.now") : t(`age.${unit}`, { count });
}

/** How long something has lasted, such as 3 min. */
export function lastingText(t: TFunction, seconds: number): string {
  const { unit, count } = ageOf(seconds);
  return unit === "now" ? t("lasting.seconds", { count: Math.floor(seconds) }) : t(`lasting.${unit}`, { count });
}

export function Age({ time }: { time: string }): ReactElement {
  const { t } = useTranslation();
  const now = useNow();
  const times = useTimes();
  return (
    <time dateTime={time} title={times.full(time)}>
      {ageText(t, ageSeconds(time, now))}
    </time>
  );
}
