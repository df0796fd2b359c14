// What became of a guard's word: said where it was pressed, with what can be done about it now.
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { refusalText } from "../../i18n/codes";
import { UNDO_S } from "../../logic/hands";
import type { Hands } from "../../state/hands";
import { useLocalNow } from "../../state/now";

const TONE = { idle: "idle", busy: "pending", passed: "success", recorded: "success", undone: "success", failed: "error" } as const;

/** Whether something is still to be said of the last word; one that came through is over once it cannot be undone. */
export function useIsTold({ state, given, until }: Hands): boolean {
  const now = useLocalNow();
  return given !== null && state !== "idle" && (TONE[state] !== "success" || now < until);
}

export function HandsOutcome({ doing }: { doing: Hands }): ReactElement | null {
  const { t } = useTranslation();
  const now = useLocalNow();
  const told = useIsTold(doing);
  const place = useRef<HTMLDivElement>(null);
  const { state, given, error, until, again, record, undo } = doing;
  useEffect(() => {
    if (state !== "idle") place.current?.scrollIntoView({ block: "nearest" });
  }, [state]);
  if (!told || given === null || state === "idle") return null;
  // The page's second may be older than the press.
  const left = Math.min(UNDO_S, Math.max(0, Math.ceil((until - now) / 1000)));
  return (
    <div ref={place} className="hands-outcome" data-outcome={TONE[state]} data-state={state}>
      <p className="order-outcome" role="status" data-outcome={TONE[state]}>
        {given.said} · {state === "failed" ? refusalText(t, error) : t(`hands.${state}`)}
      </p>
      {state === "failed" && record !== null && <p className="quiet">{t("hands.record_text")}</p>}
      <span className="hands-next">
        {state === "failed" && record !== null && (
          <button type="button" className="button button-main" onClick={record}>
            {t("hands.record")}
          </button>
        )}
        {state === "failed" && again !== null && (
          <button type="button" className="button" onClick={again}>
            {t("hands.again")}
          </button>
        )}
        {undo !== null && left > 0 && (
          <button type="button" className="button" onClick={undo}>
            {t("hands.undo", { seconds: left })}
          </button>
        )}
      </span>
    </div>
  );
}
