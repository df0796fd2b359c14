// What a case is, whom it is about, how long it waits.
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Evidence } from "../../api/types";
import { Age } from "../../components/Age";
import { BackBadge, SyntheticBadge } from "../../components/Badges";
import { DetailHead } from "../../components/DetailHead";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { cameBack, lastRaisedAt } from "../../logic/alerts";
import { AlertSubject } from "../watch/AlertSubject";
import { isSynthetic } from "./isSynthetic";
import { Waiting } from "./Waiting";

interface Props {
  alert: Alert;
  evidence: readonly Evidence[];
  back?: string | null;
  /** The last of the badges. */
  children: ReactNode;
}

export function CaseHead({ alert, evidence, back = null, children }: Props): ReactElement {
  const { t } = useTranslation();
  const badges = (
    <>
      {isSynthetic(evidence) && <SyntheticBadge />}
      {cameBack(alert) && <BackBadge />}
      {children}
    </>
  );
  return (
    <DetailHead back={back} mark={<SeverityMark severity={alert.severity} />} title={alertKind(t, alert.kind)} badges={badges}>
      <AlertSubject alert={alert} />
      <span className="case-age">
        {t("alerts.age")} <Age time={lastRaisedAt(alert)} />
      </span>
      <Waiting alert={alert} />
    </DetailHead>
  );
}
