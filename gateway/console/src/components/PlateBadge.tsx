// A number plate drawn in the colours of its kind.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { plateColour, plateParts } from "../logic/plate";

interface Props {
  text: string;
  colour: string | null;
  size?: "small" | "large";
}

export function PlateBadge({ text, colour, size = "small" }: Props): ReactElement {
  const { t } = useTranslation();
  const known = plateColour(colour);
  const { head, tail, mark } = plateParts(text);
  return (
    <span
      className={`plate plate-${known} plate-${size}`}
      role="img"
      aria-label={t("plate.label", { text, colour: t(`plate_colour.${known}`) })}
    >
      <span aria-hidden="true" className="plate-text">
        {head}
        {head !== "" && <i className="plate-dot" />}
        {tail}
        {mark !== "" && <b className="plate-mark">{mark}</b>}
      </span>
    </span>
  );
}
