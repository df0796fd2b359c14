// Somebody is signed in whose role needs a second factor that is not there yet: nothing else is open before.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fetchSession, signOut } from "../../api/session";
import { useSession } from "../../state/session";
import { SecondSetup } from "../account/SecondSetup";
import { LoginFrame } from "./LoginFrame";

export function FinishPage(): ReactElement {
  const { t } = useTranslation();
  const entered = useSession((state) => state.entered);
  const left = useSession((state) => state.left);
  return (
    <LoginFrame>
      <div className="form">
        <h1>{t("account.second_title")}</h1>
        <p>{t("account.second_needed")}</p>
        <SecondSetup onDone={() => void fetchSession().then(entered, left)} />
        <button type="button" className="button button-plain" onClick={() => void signOut().then(left, left)}>
          {t("menu.sign_out")}
        </button>
      </div>
    </LoginFrame>
  );
}
