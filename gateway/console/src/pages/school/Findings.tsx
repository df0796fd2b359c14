// A class in numbers; a press on one shows just whom it counts.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DayCounts } from "../../api/attendance";
import { FINDINGS, type Finding } from "../../logic/attendance";

/** Shown also when they are none. */
const ALWAYS: ReadonlySet<Finding> = new Set(["absent", "late", "present"]);

interface Props {
  counts: DayCounts;
  filter: Finding | null;
  onFilter(filter: Finding | null): void;
}

export function Findings({ counts, filter, onFilter }: Props): ReactElement {
  const { t } = useTranslation();
  const shown = FINDINGS.filter((each) => ALWAYS.has(each) || counts[each] > 0 || each === filter);
  return (
    <div className="findings">
      <button type="button" className="chip" aria-pressed={filter === null} onClick={() => onFilter(null)}>
        {t("school.all")}
      </button>
      {shown.map((each) => (
        <button
          key={each}
          type="button"
          className={`chip finding-${each}`}
          aria-pressed={filter === each}
          onClick={() => onFilter(filter === each ? null : each)}
        >
          {t(`school.finding_${each}`)} <b className="number">{counts[each]}</b>
        </button>
      ))}
    </div>
  );
}
