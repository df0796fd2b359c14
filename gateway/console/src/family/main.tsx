// Starts the guardians' own page.
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLanguages } from "../i18n";
import { makeClient } from "../state/client";
import { useSettings } from "../state/settings";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/controls.css";
import "../styles/parts.css";
import "./family.css";
import { FamilyApp } from "./FamilyApp";
import { startWorker } from "./push";

await startLanguages(useSettings.getState().language);
void startWorker();

const root = document.getElementById("root");
if (root === null) throw new Error("family.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeClient()}>
      <FamilyApp />
    </QueryClientProvider>
  </StrictMode>,
);
