// All alerts with a filter, and the whole life of one.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StateFilter } from "../../api/alerts";
import type { Severity } from "../../api/types";
import { useRoute } from "../../state/route";
import { AlertDetail } from "./AlertDetail";
import { AlertFilter } from "./AlertFilter";
import { AlertList } from "./AlertList";

export function AlertsPage(): ReactElement {
  const { t } = useTranslation();
  const { id } = useRoute();
  const [state, setState] = useState<StateFilter>("open");
  const [severities, setSeverities] = useState<readonly Severity[]>([]);
  return (
    <div className={id === null ? "split" : "split split-open"}>
      <section className="panel split-list" aria-label={t("alerts.title")}>
        <header className="panel-head">
          <h1>{t("alerts.title")}</h1>
        </header>
        <AlertFilter state={state} onState={setState} severities={severities} onSeverities={setSeverities} />
        <AlertList state={state} severities={severities} openId={id} />
      </section>
      <section className="panel split-detail" aria-label={t("action.details")}>
        {id === null ? <p className="split-hint">{t("alerts.choose")}</p> : <AlertDetail key={id} id={id} />}
      </section>
    </div>
  );
}
