// The page for somebody who is signed in, or the way in.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactElement, Suspense, useEffect } from "react";
import { forgetAnswers } from "./api/client";
import { Shell } from "./components/Shell";
import { homeOf } from "./logic/roles";
import { routeTo } from "./logic/route";
import { FinishPage } from "./pages/login/FinishPage";
import { LoginPage } from "./pages/login/LoginPage";
import { useEntry } from "./pages/login/useEntry";
import { useDesk } from "./state/desk";
import { go, useRoute } from "./state/route";
import { useRole, useSession } from "./state/session";

const GuestPage = lazy(async () => ({ default: (await import("./pages/visitors/GuestPage")).GuestPage }));

/** An invited visitor has no account, and is asked for none. */
export function App(): ReactElement {
  const { page, id } = useRoute();
  if (page !== "visit") return <Entered />;
  return (
    <Suspense fallback={null}>
      <GuestPage token={id ?? ""} />
    </Suspense>
  );
}

function Entered(): ReactElement {
  const phase = useSession((state) => state.phase);
  const unfinished = useSession((state) => state.session?.unfinished ?? false);
  const role = useRole();
  const { page } = useRoute();
  const entry = useEntry();
  useForgetting();
  useEffect(() => {
    if (phase === "in" && page === "login") go(routeTo(homeOf(role)));
  }, [phase, page, role]);
  if (phase !== "in") return <LoginPage entry={entry} />;
  return unfinished ? <FinishPage /> : <Shell />;
}

/** However a session ends, what it saw is not left for whoever comes next. */
function useForgetting(): void {
  const client = useQueryClient();
  const phase = useSession((state) => state.phase);
  useEffect(() => {
    if (phase === "in") return;
    client.clear();
    forgetAnswers();
    useDesk.setState(useDesk.getInitialState());
  }, [phase, client]);
}
