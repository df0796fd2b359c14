// Lines that change, with some around them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { lineKind } from "../../../logic/configuration";

export function Difference({ lines }: { lines: readonly string[] }): ReactElement {
  const { t } = useTranslation();
  if (lines.length === 0) return <p className="quiet">{t("configuration.no_difference")}</p>;
  return (
    // Focusable, so that the keyboard can scroll it.
    <pre className="difference" tabIndex={0} role="group" aria-label={t("configuration.difference")}>
      {lines.map((line, number) => (
        // The same line may stand there twice, and their order never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <code key={`${number} ${line}`} className={`line-${lineKind(line)}`}>
          {line}
        </code>
      ))}
    </pre>
  );
}
