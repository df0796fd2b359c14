// A merged case happened several times: which of them is shown, when it was, and the way to the others.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../components/Icon";
import { useTimes } from "../../state/times";
import type { RepeatSteps as Steps } from "./useRepeatSteps";

export function RepeatSteps({ repeats }: { repeats: Steps }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const { at, place, kept, count, go } = repeats;
  if (at === null) return null;
  return (
    <div className="repeats" role="group" aria-label={t("alerts.repeats")}>
      <button type="button" className="button" disabled={place === kept} onClick={() => go(1)} aria-label={t("alerts.earlier")}>
        <Icon name="back" />
      </button>
      <span aria-live="polite">
        <b>{place === 1 ? t("alerts.repeat_last", { count }) : t("alerts.repeat_place", { place: count - place + 1, count })}</b>{" "}
        <time dateTime={at}>{times.full(at)}</time>
        {place === kept && kept < count && <span className="quiet"> {t("alerts.repeats_kept", { count: kept })}</span>}
      </span>
      <button type="button" className="button" disabled={place === 1} onClick={() => go(-1)} aria-label={t("alerts.later")}>
        <Icon name="next" />
      </button>
    </div>
  );
}
