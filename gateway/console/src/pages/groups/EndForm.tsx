// How a form ends: what is wrong, saving, looking again after somebody was faster, and removing in two presses.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../../components/Problem";
import { isStale, timetableError } from "../../state/timetable";

interface Props {
  name: string;
  error: unknown;
  /** What keeps it from being saved; empty: nothing. */
  fault: string;
  fresh: boolean;
  ready: boolean;
  busy: boolean;
  onAgain(): void;
  /** Null: it is new, or cannot be removed: then `kept` says why. */
  onRemove: (() => void) | null;
  kept: string;
}

export function EndForm({ name, error, fault, fresh, ready, busy, onAgain, onRemove, kept }: Props): ReactElement {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  return (
    <>
      {fault !== "" && <p className="quiet">{fault}</p>}
      <Problem error={error} words={timetableError} />
      {isStale(error) && (
        <button type="button" className="button" onClick={onAgain}>
          {t("timetable.seen_again")}
        </button>
      )}
      <div className="end-form">
        <button type="submit" className="button button-main" disabled={!ready || busy}>
          {t(fresh ? "timetable.add" : "timetable.save")}
        </button>
        {onRemove !== null && !sure && (
          <button type="button" className="button" disabled={busy} onClick={() => setSure(true)}>
            {t("timetable.remove")}
          </button>
        )}
        {onRemove !== null && sure && (
          <button type="button" className="button button-main" disabled={busy} onClick={onRemove}>
            {t("timetable.remove_sure", { name })}
          </button>
        )}
      </div>
      {!fresh && onRemove === null && kept !== "" && <p className="quiet">{kept}</p>}
    </>
  );
}
