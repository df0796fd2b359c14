// Whose looks, at whom, of which kind, on which days.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { AUDIT_KINDS, type AuditFilter, type AuditKind } from "../../api/audit";

interface Props {
  filter: AuditFilter;
  onFilter(filter: AuditFilter): void;
}

export function AuditFilterBar({ filter, onFilter }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <search className="filter" aria-label={t("audit.title")}>
      <select
        className="input"
        aria-label={t("audit.kinds")}
        value={filter.kind ?? ""}
        onChange={(event) => onFilter({ ...filter, kind: (event.target.value || null) as AuditKind | null })}
      >
        <option value="">{t("audit.kind_all")}</option>
        {AUDIT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {t(`audit.kind_${kind}`)}
          </option>
        ))}
      </select>
      {(["user", "person"] as const).map((field) => (
        <input
          key={field}
          className="input"
          type="search"
          maxLength={64}
          aria-label={t(`audit.${field}`)}
          placeholder={t(`audit.${field}`)}
          value={filter[field]}
          onChange={(event) => onFilter({ ...filter, [field]: event.target.value })}
        />
      ))}
      {(["first_day", "last_day"] as const).map((field) => (
        <label key={field} className="audit-day">
          <span>{t(field === "first_day" ? "audit.from" : "audit.to")}</span>
          <input
            className="input"
            type="date"
            value={filter[field]}
            onChange={(event) => onFilter({ ...filter, [field]: event.target.value })}
          />
        </label>
      ))}
    </search>
  );
}
