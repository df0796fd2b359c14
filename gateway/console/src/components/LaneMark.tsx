// How a lane is, by colour, shape and word: a bar across the way, a bar that is up, or a sign that something is wrong.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LaneState } from "../logic/lanes";

const CLOSED = "M3 21V9 M3 11h18 M7.5 11l-2 3 M13 11l-2 3 M18.500 11l-2 3";
const OPEN = "M3 21V9 M3 11 15.500 2.500 M8 21h13";
const SHAPES: Record<LaneState, string> = {
  closed: CLOSED,
  opening: "M3 21V9 M3 11l16-5.500 M8 21h13",
  open: OPEN,
  held_open: OPEN,
  released: OPEN,
  locked: "M6 11h12v9.500H6Z M8.500 11V7.500a3.500 3.500 0 0 1 7 0V11 M12 14.500v2.500",
  failed: "M12 3 22 20.500H2Z M12 9.500v5 M12 17.500v.5",
  unsure: "M12 3 22 20.500H2Z M12 9.500v5 M12 17.500v.5",
  unknown: "M12 2.500 21.500 12 12 21.500 2.500 12Z",
};

export function LaneMark({ state }: { state: LaneState }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="lane-mark">
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={SHAPES[state]} />
      </svg>
      <strong>{t(`lane.state_${state}`)}</strong>
    </span>
  );
}
