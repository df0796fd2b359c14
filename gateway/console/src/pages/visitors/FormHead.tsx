// What a form beside the day's visitors is for, and the way back to them.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { routeTo } from "../../logic/route";

export function FormHead({ title }: { title: string }): ReactElement {
  const { t } = useTranslation();
  return (
    <header className="visit-head">
      <h2>{title}</h2>
      <a className="button button-plain" href={routeTo("visitors")}>
        {t("action.back")}
      </a>
    </header>
  );
}
