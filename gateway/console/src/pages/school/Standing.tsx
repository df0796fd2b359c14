// The corrections that hold, each taken back with one press.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Correction } from "../../api/attendance";
import { useTimes } from "../../state/times";

interface Props {
  corrections: readonly Correction[];
  busy: boolean;
  onEnd(id: string): void;
}

export function Standing({ corrections, busy, onEnd }: Props): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  if (corrections.length === 0) return null;
  return (
    <ul className="account-list" aria-label={t("school.stands")}>
      {corrections.map((each) => (
        <li key={each.id}>
          <div>
            <strong>
              {t(`school.kind_${each.kind}`)} {each.at !== null && times.clock(each.at)}
            </strong>
            <span>{each.reason}</span>
            <span className="quiet">
              {each.who} · {times.full(each.made_at)}
            </span>
          </div>
          <button type="button" className="button" disabled={busy} onClick={() => onEnd(each.id)}>
            {t("school.take_back")}
          </button>
        </li>
      ))}
    </ul>
  );
}
