// A new link for an invitation whose first one was lost.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { renewLink, type Visit } from "../../api/visits";
import { useAtDesk } from "../../state/visits";
import { InvitationLink } from "./InvitationLink";
import { VisitProblem } from "./VisitProblem";

export function HostLink({ visit }: { visit: Visit }): ReactElement | null {
  const { t } = useTranslation();
  const renew = useAtDesk(() => renewLink(visit.id));
  if (visit.state !== "invited" && visit.state !== "announced") return null;
  if (renew.data !== undefined) return <InvitationLink made={renew.data} />;
  return (
    <div>
      <button type="button" className="button" disabled={renew.isPending} onClick={() => renew.mutate(undefined)}>
        {t("visits.new_link")}
      </button>
      <VisitProblem error={renew.error} />
    </div>
  );
}
