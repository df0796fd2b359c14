// One alert before a guard.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert } from "../../api/types";
import { CaseDetail, type Parts } from "./CaseDetail";
import { Escalations } from "./Escalations";
import { Life } from "./Life";
import { StepButtons } from "./StepButtons";
import { WhoCollects } from "./WhoCollects";

const guardsParts = (alert: Alert): Parts => ({
  notes: <WhoCollects alert={alert} />,
  done: (
    <div className="detail-column">
      <Escalations alert={alert} />
      <Life alert={alert} />
    </div>
  ),
  steps: <StepButtons alert={alert} />,
});

export function AlertDetail({ id }: { id: string }): ReactElement {
  const { t } = useTranslation();
  return <CaseDetail id={id} list="alerts" gone={t("alerts.empty_text")} partsOf={guardsParts} />;
}
