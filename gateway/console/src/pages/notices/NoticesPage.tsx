// What was sent to whom, and whether it arrived.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../../components/Loaded";
import { useNotices } from "../../state/queries";
import { NoticeCard } from "./NoticeCard";

export function NoticesPage(): ReactElement {
  const { t } = useTranslation();
  const asked = useNotices();
  const notices = (asked.data ?? []).toSorted((a, b) => b.created_at.localeCompare(a.created_at));
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
        <div className="panel-scroll" role="group" aria-label={t("notices.title")} tabIndex={0}>
          <ul className="notices">
            {notices.map((notice) => (
              <NoticeCard key={notice.id} notice={notice} />
            ))}
          </ul>
        </div>
      </Loaded>
    </section>
  );
}
