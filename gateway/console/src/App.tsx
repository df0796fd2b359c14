// The page for somebody who is signed in, or the way in.
import { type ReactElement, useEffect } from "react";
import { Shell } from "./components/Shell";
import { LoginPage } from "./pages/login/LoginPage";
import { useEntry } from "./pages/login/useEntry";
import { go, useRoute } from "./state/route";
import { useSession } from "./state/session";

export function App(): ReactElement {
  const phase = useSession((state) => state.phase);
  const { page } = useRoute();
  const entry = useEntry();
  useEffect(() => {
    if (phase === "in" && page === "login") go("#/watch");
  }, [phase, page]);
  return phase === "in" ? <Shell /> : <LoginPage entry={entry} />;
}
