// In, out or past, by arrow and by word.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Direction } from "../api/types";
import { Icon } from "./Icon";

export function DirectionMark({ direction }: { direction: Direction }): ReactElement {
  const { t } = useTranslation();
  return (
    <span className={`direction direction-${direction}`}>
      <Icon name={direction} />
      {t(`direction.${direction}`)}
    </span>
  );
}
