// Says that the gateway cannot be heard, and since when; silent while all is well.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { HURRY } from "../live/useLine";
import { useLine } from "../state/line";
import { useTimes } from "../state/times";

export function LineBanner(): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const { state, lostSince } = useLine();
  if (state !== "lost" || lostSince === null) return null;
  return (
    <div className="line-banner" role="alert">
      <strong>{t("live.lost", { time: times.clock(lostSince) })}</strong>
      <span>{t("live.lost_detail")}</span>
      <button type="button" className="button button-inverse" onClick={() => window.dispatchEvent(new Event(HURRY))}>
        {t("live.retry")}
      </button>
    </div>
  );
}
