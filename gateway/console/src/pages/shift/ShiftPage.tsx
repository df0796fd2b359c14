// The end of a shift: what the next one must know, signed by whoever leaves and whoever comes.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchShift, type HandOver, type ShiftSummary } from "../../api/shift";
import { Fact, Facts } from "../../components/Facts";
import { Empty, Loaded } from "../../components/Loaded";
import { SeverityMark } from "../../components/SeverityMark";
import { alertKind } from "../../i18n/codes";
import { routeTo } from "../../logic/route";
import type { Times } from "../../logic/times";
import { useTimes } from "../../state/times";
import { SignForm } from "./SignForm";

const SHIFT = ["shift"] as const;
const EVERY_MS = 10_000;

export function ShiftPage(): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const client = useQueryClient();
  const [signed, say] = useState<HandOver | null>(null);
  const asked = useQuery({ queryKey: SHIFT, queryFn: ({ signal }) => fetchShift(signal), refetchInterval: EVERY_MS });
  const shift = asked.data;
  return (
    <div className="shift">
      <h1>{t("shift.title")}</h1>
      <Loaded asked={asked} empty={shift === undefined} emptyState={<Empty icon="quiet" title={t("shift.title")} text="" />}>
        {shift && (
          <div className="shift-columns">
            <section className="panel shift-now" aria-label={t("shift.now")}>
              <header className="panel-head">
                <h2>{t("shift.now")}</h2>
                <span>{t("shift.since", { time: times.since(shift.now.since, shift.now.until) })}</span>
              </header>
              <Summary summary={shift.now} />
            </section>
            <div className="shift-side">
              {signed && (
                <p className="shift-signed" role="status">
                  {t("shift.signed", { leaves: signed.leaves, comes: signed.comes, time: times.since(signed.at, shift.now.until) })}
                </p>
              )}
              <SignForm
                onSigned={(told) => {
                  client.setQueryData(SHIFT, told);
                  say(told.before[0] ?? null);
                }}
              />
              <Before before={shift.before} />
            </div>
          </div>
        )}
      </Loaded>
    </div>
  );
}

function Summary({ summary }: { summary: ShiftSummary }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const raised = Object.values(summary.raised).reduce((sum, count) => sum + count, 0);
  return (
    <div className="shift-summary">
      {summary.emergencies > 0 && <p className="shift-warning">{t("shift.emergency")}</p>}
      {summary.order !== "" && <p className="shift-warning">{orderWords(t, times, summary)}</p>}
      {summary.offline.length > 0 && <p className="shift-warning">{t("shift.offline", { nodes: summary.offline.join(", ") })}</p>}
      <Facts>
        {(["open", "closed", "passages"] as const).map((name) => (
          <Fact key={name} name={t(`shift.${name}`)}>
            {summary[name]}
          </Fact>
        ))}
        <Fact name={t("shift.raised")}>{raised}</Fact>
      </Facts>
      {raised > 0 && (
        <p>
          {Object.entries(summary.raised)
            .map(([kind, count]) => `${alertKind(t, kind)} ×${count}`)
            .join(" · ")}
        </p>
      )}
      <h3>{t("shift.cases")}</h3>
      {summary.cases.length === 0 ? <p>{t("shift.none")}</p> : <Cases cases={summary.cases} asOf={summary.until} />}
    </div>
  );
}

/** As the banner of the watch says it; what an older gateway wrote down has no other words. */
function orderWords(t: TFunction, times: Times, { order, order_state, order_until, order_by, order_why, until }: ShiftSummary): string {
  if (order_state === "") return t("shift.order", { what: order });
  const what = t(`order.kept_${order_state}`, { time: times.until(order_until, Date.parse(until)) });
  return `${what} ${t("order.kept_by", { who: order_by, why: order_why })}`;
}

function Cases({ cases, asOf }: { cases: ShiftSummary["cases"]; asOf: string }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <ul className="shift-cases">
      {cases.map((each) => (
        <li key={each.id}>
          <a href={routeTo("alerts", each.id)}>
            <SeverityMark severity={each.severity} />
            <b>{alertKind(t, each.kind)}</b>
            <span>{t(`state.${each.state}`)}</span>
            <time>{times.since(each.raised_at, asOf)}</time>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Before({ before }: { before: readonly HandOver[] }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  if (before.length === 0) return null;
  return (
    <section className="panel" aria-label={t("shift.before")}>
      <header className="panel-head">
        <h2>{t("shift.before")}</h2>
      </header>
      <ul className="shift-before">
        {before.map((each) => (
          <li key={each.at}>
            <b>
              {each.leaves} → {each.comes}
            </b>
            <time>{times.full(each.at)}</time>
            <span>{t("shift.was_open", { count: each.summary.open })}</span>
            {each.note !== "" && <q>{each.note}</q>}
          </li>
        ))}
      </ul>
    </section>
  );
}
