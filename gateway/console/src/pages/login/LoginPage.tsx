// The way in: sign in, or create the first administrator.
import type { TFunction } from "i18next";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../state/session";
import { LoginFrame } from "./LoginFrame";
import { SetupForm } from "./SetupForm";
import { SignInForm } from "./SignInForm";
import type { Entry } from "./useEntry";

export function LoginPage({ entry }: { entry: Entry }): ReactElement {
  const { t } = useTranslation();
  const ended = useSession((state) => state.ended);
  return <LoginFrame>{content(ended ? { ...entry, error: t("error.not_logged_in") } : entry, t)}</LoginFrame>;
}

function content(entry: Entry, t: TFunction): ReactNode {
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
      return <SignInForm key={entry.ticket ?? ""} firstError={entry.error} ticket={entry.ticket} />;
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
