// One message as its receiver reads it, and what became of it.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Notice } from "../../api/types";
import { channelName, noticeState } from "../../i18n/codes";
import { said } from "../../logic/said";
import { useTimes } from "../../state/times";

const UNDER_WAY = new Set(["queued", "held", "sending"]);

export function NoticeCard({ notice }: { notice: Notice }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <article className="notice" data-notice={notice.id}>
      <header>
        <strong>{notice.to}</strong>
        <span className="quiet">{channelName(t, notice.channel)}</span>
      </header>
      <div>
        <h2>{notice.title}</h2>
        <p>{notice.body}</p>
        {notice.error !== null && notice.error !== "" && <p className="notice-error">{said(t, notice.error) ?? notice.error}</p>}
      </div>
      <footer className="quiet">
        <span className={`badge notice-${notice.state}`}>{noticeState(t, notice.state)}</span>
        <span>
          {t("notices.created")} <time dateTime={notice.created_at}>{times.full(notice.created_at)}</time>
        </span>
        {notice.sent_at === null ? (
          UNDER_WAY.has(notice.state) && <span>{t("notices.not_sent")}</span>
        ) : (
          <span>
            {t("notices.sent")} <time dateTime={notice.sent_at}>{times.full(notice.sent_at)}</time>
          </span>
        )}
      </footer>
    </article>
  );
}
