// The card that stands at the door, whatever is asked there.
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "./LanguageSwitch";

export function LoginFrame({ children }: { children: ReactNode }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="login">
      <main className="login-card">
        <header className="login-head">
          <img src="./favicon.svg" alt="" width="48" height="48" />
          <div>
            <strong>{t("app.name")}</strong>
            <span>{t("app.tagline")}</span>
          </div>
        </header>
        {children}
      </main>
      <LanguageSwitch />
    </div>
  );
}
