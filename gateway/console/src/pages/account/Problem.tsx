// What is wrong, where it was asked.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { errorText } from "../../i18n/codes";

export function Problem({ error }: { error: unknown }): ReactElement | null {
  const { t } = useTranslation();
  if (error === null || error === undefined) return null;
  return (
    <p className="form-error" role="alert">
      {typeof error === "string" ? error : errorText(t, error)}
    </p>
  );
}
