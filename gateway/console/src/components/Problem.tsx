// What is wrong, where it was asked; nothing while all is well.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "../i18n/codes";

interface Props {
  /** Null or undefined: nothing is wrong. Words stand as they are. */
  error: unknown;
  /** Words for what the gateway says; where a page knows better ones than the usual. */
  words?: (t: TFunction, error: unknown) => string;
}

export function Problem({ error, words = errorText }: Props): ReactElement | null {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  return (
    <p className="form-error" role="alert">
      {typeof error === "string" ? error : words(t, error)}
    </p>
  );
}
