// Whether a node or camera can be believed, by colour, shape and word.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Health } from "../logic/health";

const SHAPES: Record<Health, string> = {
  online: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Z",
  blind: "M8 1.5 15.5 14.5H.5Z",
  offline: "M2 2h12v12H2Z",
  starting: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
  unknown: "M8 1.5 14.5 8 8 14.5 1.5 8Z",
};

interface Props {
  health: Health;
  /** Another word than the usual one. */
  word?: `device.state_${"ok" | "down" | "starting" | "offline"}` | null;
}

export function HealthMark({ health, word = null }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <span className={`health health-${health}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={SHAPES[health]} />
      </svg>
      {word === null ? t(`health.${health}`) : t(word)}
    </span>
  );
}
