// The head of what is looked at beside its list: what it is, how it stands, and on a phone the way back.
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

interface Props {
  /** Where the list is; null: there is none to go back to. */
  back: string | null;
  mark?: ReactNode;
  title: string;
  badges: ReactNode;
  /** Under the title. */
  children: ReactNode;
}

export function DetailHead({ back, mark = null, title, badges, children }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <header className="focus-head">
      {back !== null && (
        <a className="button button-plain back" href={back} aria-label={t("action.back")}>
          <Icon name="back" />
        </a>
      )}
      {mark}
      <div>
        <h2>{title}</h2>
        {children}
      </div>
      <span className="focus-badges">{badges}</span>
    </header>
  );
}
