// One's own account: where one is signed in, the password, the second factor; for administrators everybody's sessions.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../state/session";
import { PasswordSection } from "./PasswordSection";
import { roleName } from "./roleName";
import { SecondSection } from "./SecondSection";
import { SessionsSection } from "./SessionsSection";
import { UsersSection } from "./UsersSection";

export function AccountPage(): ReactElement {
  const { t } = useTranslation();
  const user = useSession((state) => state.session?.user ?? "");
  const role = useSession((state) => state.session?.role ?? "");
  return (
    <section className="panel page" aria-label={t("account.title")}>
      <header className="panel-head">
        <h1>{t("account.title")}</h1>
        <span className="quiet">
          {user} · {roleName(t, role)}
        </span>
      </header>
      <div className="account">
        <SessionsSection />
        <PasswordSection />
        <SecondSection />
        {role === "admin" && <UsersSection />}
      </div>
    </section>
  );
}
