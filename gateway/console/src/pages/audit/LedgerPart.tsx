// The proof that nothing is lost: what nodes decided and what is stored, per node and day.
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fetchLedger, type LedgerLine } from "../../api/audit";
import { Icon } from "../../components/Icon";
import { Loaded } from "../../components/Loaded";

const COLUMNS = ["day", "node", "decided", "stored", "holes", "waiting", "reused", "repeated", "refused"] as const;

const refused = (line: LedgerLine): number => line.conflicts + line.foreign + line.unreadable + line.turned_away;

export function LedgerPart(): ReactElement {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ["ledger"], queryFn: ({ signal }) => fetchLedger(signal), gcTime: 0 });
  const ledger = asked.data;
  const whole = ledger?.missing === 0;
  return (
    <Loaded asked={asked} empty={ledger === undefined} emptyState={null}>
      {ledger && (
        <details className={whole ? "ledger" : "ledger audit-broken"}>
          <summary>
            <Icon name={whole ? "check" : "broken"} />
            <strong>
              {whole ? t("ledger.whole", { count: ledger.decided }) : t("ledger.missing", { count: ledger.missing })}
            </strong>
          </summary>
          {/* Wider than a phone: it is moved by itself, also by keys. */}
          <div className="ledger-table" tabIndex={0} role="region" aria-label={t("ledger.title")}>
            <table>
              <thead>
                <tr>
                  {COLUMNS.map((name) => (
                    <th key={name} scope="col">
                      {t(`ledger.${name}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {ledger.items.map((line) => (
                  <tr key={`${line.node} ${line.day}`}>
                    {COLUMNS.map((name) => (
                      <td key={name}>{name === "refused" ? refused(line) : line[name]}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </Loaded>
  );
}
