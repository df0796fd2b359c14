// What a node or the gateway said, in the page's language; what it said itself folds out.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { saidLines } from "../logic/said";

interface Props {
  text: string;
  /** Words for it that the page knows by a code. */
  words?: string;
}

export function Said({ text, words }: Props): ReactElement | null {
  const { t, i18n } = useTranslation();
  // Without a sentence of its own English needs none: what is said is English.
  const shown = words ?? saidLines(t, text) ?? (i18n.language === "en" ? text : null);
  if (shown === text) return <span className="said">{text}</span>;
  return (
    <div className="said">
      <span>{shown ?? t("said_words.unknown")}</span>
      {text !== "" && (
        <details open={shown === null}>
          <summary>{t("said_words.raw")}</summary>
          <q lang="en">{text}</q>
        </details>
      )}
    </div>
  );
}
