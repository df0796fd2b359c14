// Small labels that keep a reader from taking something for more than it is.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AlertState } from "../api/types";

export function SyntheticBadge(): ReactElement {
  const { t } = useTranslation();
  return (
    <span className="badge badge-synthetic" title={t("synthetic.text")}>
      {t("synthetic.badge")}
    </span>
  );
}

export function CandidateBadge(): ReactElement {
  const { t } = useTranslation();
  return <span className="badge badge-candidate">{t("candidate.badge")}</span>;
}

/** It was raised again after somebody had seen or closed it. */
export function BackBadge(): ReactElement {
  const { t } = useTranslation();
  return <span className="badge badge-back">{t("alerts.came_back")}</span>;
}

export function StateBadge({ state }: { state: AlertState }): ReactElement {
  const { t } = useTranslation();
  return <span className={`badge badge-state state-${state}`}>{t(`state.${state}`)}</span>;
}
