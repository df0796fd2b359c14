// Starts the page.
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startLanguages } from "./i18n";
import { LiveContext } from "./live/context";
import { LiveStore } from "./live/store";
import { makeClient } from "./state/client";
import { applyTheme, useSettings } from "./state/settings";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/parts.css";
import "./styles/watch.css";
import "./styles/tiles.css";
import "./styles/emergency.css";
import "./styles/shift.css";
import "./styles/orders.css";
import "./styles/hands.css";
import "./styles/alerts.css";
import "./styles/lists.css";
import "./styles/configuration.css";
import "./styles/login.css";
import "./styles/account.css";
import "./styles/school.css";
import "./styles/people.css";
import "./styles/police.css";
import "./styles/visits.css";
import "./styles/phone.css";
import "./styles/tablet.css";

const { language, theme } = useSettings.getState();
applyTheme(theme);
await startLanguages(language);

const client = makeClient();
const store = new LiveStore(client);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LiveContext.Provider value={store}>
        <App />
      </LiveContext.Provider>
    </QueryClientProvider>
  </StrictMode>,
);
