// The frame around every page of somebody who is signed in; line and sound live here, whatever page is shown.
import { type ReactElement, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLiveStore } from "../live/context";
import { useLiveLine } from "../live/useLine";
import { isUnacknowledged } from "../logic/alerts";
import type { PageName } from "../logic/route";
import { AccountPage } from "../pages/account/AccountPage";
import { AlertsPage } from "../pages/alerts/AlertsPage";
import { StepDialog } from "../pages/alerts/StepDialog";
import { NoSuchPage } from "../pages/NoSuchPage";
import { NodesPage } from "../pages/nodes/NodesPage";
import { NoticesPage } from "../pages/notices/NoticesPage";
import { PassagesPage } from "../pages/passages/PassagesPage";
import { WatchPage } from "../pages/watch/WatchPage";
import { useSiren } from "../sound/useSiren";
import { useRoute } from "../state/route";
import { useShownAlerts } from "../state/shown";
import { Boundary } from "./Boundary";
import { HelpDialog } from "./HelpDialog";
import { LineBanner } from "./LineBanner";
import { Nav } from "./Nav";
import { Remarks } from "./Remarks";
import { TopBar } from "./TopBar";
import { useCommands } from "./useCommands";

const PAGES: Record<Exclude<PageName, "login">, () => ReactElement> = {
  watch: WatchPage,
  alerts: AlertsPage,
  passages: PassagesPage,
  notices: NoticesPage,
  nodes: NodesPage,
  account: AccountPage,
  nowhere: NoSuchPage,
};

export function Shell(): ReactElement {
  const { page } = useRoute();
  const Page = PAGES[page === "login" ? "watch" : page];
  useLiveLine(useLiveStore());
  useSiren();
  useCommands();
  useTitle();
  return (
    <div className="shell">
      <TopBar />
      <Nav />
      <main className="main" id="main">
        <LineBanner />
        <Boundary key={page}>
          <Page />
        </Boundary>
      </main>
      <Remarks />
      <HelpDialog />
      <StepDialog />
    </div>
  );
}

/** The number that waits stands in the tab too. */
function useTitle(): void {
  const { t } = useTranslation();
  const waiting = useShownAlerts().filter(isUnacknowledged).length;
  const name = t("app.name");
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${name}` : name;
  }, [waiting, name]);
}
