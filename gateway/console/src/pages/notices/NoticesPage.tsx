// What was sent to whom, and whether it arrived; further back as one scrolls.
import { type ReactElement, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../../components/Loaded";
import { VirtualList } from "../../components/VirtualList";
import { flatten } from "../../logic/pages";
import { useNotices } from "../../state/queries";
import { NoticeCard } from "./NoticeCard";

export function NoticesPage(): ReactElement {
  const { t } = useTranslation();
  const asked = useNotices();
  const notices = useMemo(() => flatten(asked.data, (notice) => notice.id), [asked.data]);
  return (
    <section className="panel page" aria-label={t("notices.title")}>
      <header className="panel-head">
        <h1>{t("notices.title")}</h1>
        <span className="quiet">{t("notices.intro")}</span>
      </header>
      <Loaded
        asked={asked}
        empty={notices.length === 0}
        emptyState={<Empty icon="notices" title={t("notices.empty")} text={t("notices.empty_text")} />}
      >
        <VirtualList
          label={t("notices.title")}
          items={notices}
          idOf={(notice) => notice.id}
          estimate={92}
          render={(notice) => <NoticeCard notice={notice} />}
          more={asked.hasNextPage && !asked.isFetchingNextPage ? () => void asked.fetchNextPage() : null}
          foot={asked.hasNextPage ? t("passages.loading_more") : t("passages.end")}
        />
      </Loaded>
    </section>
  );
}
