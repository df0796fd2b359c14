// One entry of the record.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../../api/audit";
import { auditAction, auditSubject } from "../../logic/audit";
import { auditDetail } from "../../logic/auditSaid";
import { useTimes } from "../../state/times";

export function AuditRow({ entry }: { entry: AuditEntry }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <article className="row audit-row" data-action={entry.action}>
      <span className="row-text">
        <strong>
          <bdi>{entry.who}</bdi> · {auditAction(t, entry.action)}
        </strong>
        <span className="audit-subject" title={entry.subject}>
          {auditSubject(t, entry, times.full)}
        </span>
        {entry.detail !== "" && <span className="quiet">{auditDetail(t, entry.detail, times.full)}</span>}
      </span>
      <span className="audit-when">
        <time dateTime={entry.at}>{times.full(entry.at)}</time>
        <span className="quiet">{t("audit.number", { id: entry.id })}</span>
      </span>
    </article>
  );
}
