// A watch-list hit is a lead that a person judges.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { CandidateBadge } from "../../components/Badges";

export function CandidateBanner(): ReactElement {
  const { t } = useTranslation();
  return (
    <p className="candidate">
      <CandidateBadge />
      {t("candidate.text")}
    </p>
  );
}
