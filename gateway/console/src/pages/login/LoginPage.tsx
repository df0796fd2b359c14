// The way in: sign in, or create the first administrator.
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, OWN_NAME } from "../../i18n";
import { useSettings } from "../../state/settings";
import { SetupForm } from "./SetupForm";
import { SignInForm } from "./SignInForm";
import type { Entry } from "./useEntry";

export function LoginPage({ entry }: { entry: Entry }): ReactElement {
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
        {content(entry, t)}
      </main>
      <LanguageSwitch />
    </div>
  );
}

function content(entry: Entry, t: ReturnType<typeof useTranslation>["t"]): ReactNode {
  switch (entry.doing) {
    case "asking":
      return <Waiting text={t("load.busy")} />;
    case "ticket":
      return <Waiting text={t("login.ticket")} />;
    case "unreachable":
      return <Waiting text={t("login.unreachable")} />;
    case "setup":
      return <SetupForm />;
    case "form":
      return <SignInForm firstError={entry.error} />;
  }
}

function Waiting({ text }: { text: string }): ReactElement {
  return (
    <div className="loading" role="status">
      <span className="loading-bar" />
      {text}
    </div>
  );
}

function LanguageSwitch(): ReactElement {
  const { language, chooseLanguage } = useSettings();
  return (
    <div className="login-languages">
      {LANGUAGES.map((item) => (
        <button
          key={item}
          type="button"
          lang={item}
          className="button button-plain"
          aria-pressed={item === language}
          onClick={() => chooseLanguage(item)}
        >
          {OWN_NAME[item]}
        </button>
      ))}
    </div>
  );
}
