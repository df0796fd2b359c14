// Who may collect a child: today's first; the office adds and removes, teachers and guards read.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { addCollector, type Collector, type CollectorKey, type CollectorRequest, removeCollector } from "../../api/people";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { dayIn, lastDay } from "../../logic/zone";
import { useCollecting, useCollectors } from "../../state/people";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { CollectorForm } from "./CollectorForm";

export function CollectorSection({ person, office = false }: { person: string; office?: boolean }): ReactElement {
  const { t } = useTranslation();
  const asked = useCollectors(person);
  const add = useCollecting(person, (wanted: CollectorRequest) => addCollector(person, wanted));
  const remove = useCollecting(person, (key: CollectorKey) => removeCollector(person, key));
  const items = (asked.data?.items ?? []).toSorted((one, other) => Number(other.today) - Number(one.today));
  return (
    <section aria-label={t("collect.title")}>
      <h3>{t("collect.title")}</h3>
      <Problem error={add.error ?? remove.error} />
      <Loaded asked={asked} empty={items.length === 0} emptyState={<p className="quiet">{t("collect.nobody")}</p>}>
        <ul className="account-list collectors">
          {items.map((each) => (
            <CollectorRow
              key={`${each.kind} ${each.value} ${each.once}`}
              collector={each}
              onRemove={office && !each.once ? () => remove.mutate({ kind: each.kind, value: each.value }) : null}
            />
          ))}
        </ul>
      </Loaded>
      {office && (
        <details>
          <summary>{t("collect.add")}</summary>
          <CollectorForm
            key={items.length}
            siblings={asked.data?.siblings ?? []}
            busy={add.isPending}
            onAdd={(wanted) => add.mutate(wanted)}
          />
        </details>
      )}
    </section>
  );
}

function CollectorRow({ collector, onRemove }: { collector: Collector; onRemove: (() => void) | null }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const { timezone } = useSite();
  const from = (begins: string): string => (collector.once ? times.full(begins) : dayIn(Date.parse(begins), timezone));
  const until = (ends: string): string => (collector.once ? times.full(ends) : lastDay(ends, timezone));
  const facts = [
    collector.note,
    collector.name === "" ? "" : collector.value,
    collector.days.map((day) => t(`collect.day_${day}`)).join(" "),
    collector.turn === "" ? "" : t(`collect.turn_${collector.turn}`),
    collector.turn_from === "" ? "" : t("collect.counted_from", { day: collector.turn_from }),
    collector.begins === null ? "" : t("collect.from", { time: from(collector.begins) }),
    collector.ends === null ? "" : t("collect.until", { time: until(collector.ends) }),
    collector.once ? t("collect.once") : "",
    collector.known ? "" : t("collect.unknown"),
  ].filter((each) => each !== "");
  return (
    <li data-collector={collector.value}>
      <div>
        <strong>{collector.name === "" ? collector.value : collector.name}</strong>
        <span className="quiet">{facts.join(" · ")}</span>
      </div>
      <span className={collector.today && collector.known ? "badge day-present" : "badge day-absent"}>
        {collector.today && collector.known ? t("collect.today") : t("collect.not_today")}
      </span>
      {onRemove !== null && (
        <button type="button" className="button" onClick={onRemove}>
          {t("collect.remove")}
        </button>
      )}
    </li>
  );
}
