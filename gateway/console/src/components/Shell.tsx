// The frame around every page of somebody who is signed in; line and sound live here, whatever page is shown.
import { type ReactElement, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useLiveStore } from "../live/context";
import { useLiveLine } from "../live/useLine";
import { isUnacknowledged } from "../logic/alerts";
import { pageFor, workOf } from "../logic/roles";
import { StepDialog } from "../pages/alerts/StepDialog";
import { fetchPages, PAGES } from "../pages/table";
import { useSiren } from "../sound/useSiren";
import { useRoute } from "../state/route";
import { useRole } from "../state/session";
import { useShownAlerts } from "../state/shown";
import { useTouch } from "../state/useTouch";
import { Boundary } from "./Boundary";
import { EmergencyBanner } from "./EmergencyBanner";
import { EmergencyDialogs } from "./EmergencyButton";
import { HelpDialog } from "./HelpDialog";
import { LineBanner } from "./LineBanner";
import { Loading } from "./Loaded";
import { Nav } from "./Nav";
import { OutwardBanner } from "./OutwardBanner";
import { Remarks } from "./Remarks";
import { TopBar } from "./TopBar";
import { useCommands } from "./useCommands";

export function Shell(): ReactElement {
  const role = useRole();
  const page = pageFor(role, useRoute().page);
  const Page = PAGES[page];
  useLiveLine(useLiveStore());
  useEffect(() => void fetchPages([...workOf(role), "account"]), [role]);
  return (
    <div className="shell">
      <OnDuty />
      <TopBar />
      <Nav />
      <main className="main" id="main">
        <EmergencyBanner />
        <LineBanner />
        <OutwardBanner />
        <Boundary key={page}>
          <Suspense fallback={<Loading />}>
            <Page />
          </Suspense>
        </Boundary>
      </main>
      <Remarks />
      <HelpDialog />
      <StepDialog />
      <EmergencyDialogs />
    </div>
  );
}

/** What heeds every alert, on whatever page; apart, so that an alert does not draw the whole page anew. */
function OnDuty(): null {
  useSiren();
  useCommands();
  useTouch();
  useTitle();
  return null;
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
