// Whether the record is whole: no entry was changed, added or taken away.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fetchAuditState } from "../../api/audit";
import { Icon } from "../../components/Icon";
import { Loaded } from "../../components/Loaded";
import { useTimes } from "../../state/times";

export function AuditState(): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const asked = useQuery({ queryKey: ["audit-state"], queryFn: ({ signal }) => fetchAuditState(signal), gcTime: 0 });
  const state = asked.data;
  const whole = state !== undefined && state.fault === null && state.rewritten.length === 0;
  return (
    <Loaded asked={asked} empty={state === undefined} emptyState={null}>
      {state && (
        <p className={whole ? "audit-state" : "audit-state audit-broken"} role="status">
          <Icon name={whole ? "check" : "broken"} />
          <strong>
            {whole && t("audit.whole", { count: state.count })}
            {state.fault !== null && t("audit.broken", { entry: state.fault })}
            {state.fault === null && !whole && t("audit.rewritten")}
          </strong>
          {state.rewritten.map((text) => (
            <span key={text}>{text}</span>
          ))}
          {whole && state.vouched_through !== null && (
            <span className="quiet">{t("audit.vouched", { entry: state.vouched_through })}</span>
          )}
          <span className="quiet">{t("audit.checked", { time: times.full(state.checked_at) })}</span>
          <button type="button" className="button button-plain" onClick={() => void asked.refetch()}>
            {t("audit.check")}
          </button>
        </p>
      )}
    </Loaded>
  );
}
