// Who saw, did or was refused what, and whether the record is whole.
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactElement, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AuditFilter, fetchAudit } from "../../api/audit";
import { Empty, Loaded } from "../../components/Loaded";
import { VirtualList } from "../../components/VirtualList";
import { flatten } from "../../logic/pages";
import { useSettled } from "../passages/useSettled";
import { AuditFilterBar } from "./AuditFilterBar";
import { AuditRow } from "./AuditRow";
import { AuditState } from "./AuditState";
import { LedgerPart } from "./LedgerPart";

const NOTHING: AuditFilter = { user: "", person: "", kind: null, first_day: "", last_day: "" };

export function AuditPage(): ReactElement {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NOTHING);
  // Each question is written down, so that not every letter is one.
  const asking = useSettled(filter);
  const asked = useInfiniteQuery({
    queryKey: ["audit", asking],
    queryFn: ({ pageParam, signal }) => fetchAudit(asking, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    gcTime: 0,
  });
  const entries = useMemo(() => flatten(asked.data, (entry) => entry.id), [asked.data]);
  return (
    <section className="panel page" aria-label={t("audit.title")}>
      <header className="panel-head">
        <h1>{t("audit.title")}</h1>
        <span className="quiet">{t("audit.intro")}</span>
      </header>
      <AuditState />
      <LedgerPart />
      <AuditFilterBar filter={filter} onFilter={setFilter} />
      <Loaded
        asked={asked}
        empty={entries.length === 0}
        emptyState={<Empty icon="search" title={t("audit.empty")} text={t("audit.empty_text")} />}
      >
        <VirtualList
          label={t("audit.title")}
          items={entries}
          idOf={(entry) => entry.id}
          estimate={64}
          render={(entry) => <AuditRow entry={entry} />}
          more={asked.hasNextPage && !asked.isFetchingNextPage ? () => void asked.fetchNextPage() : null}
          foot={asked.hasNextPage ? t("passages.loading_more") : t("audit.end")}
        />
      </Loaded>
    </section>
  );
}
