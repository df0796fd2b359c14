// The entries in their parts.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { WatchEntry } from "../../api/watchLists";
import { PlateBadge } from "../../components/PlateBadge";
import { routeTo } from "../../logic/route";
import { lastDay, WATCH_PARTS, watchPart } from "../../logic/watchLists";
import { useSite } from "../../state/session";

export function ListEntries({ entries, openId }: { entries: readonly WatchEntry[]; openId: string | null }): ReactElement {
  const { t } = useTranslation();
  return (
    // Focusable, so that the keyboard can scroll it.
    <div className="panel-scroll" tabIndex={0} role="group" aria-label={t("lists.title")}>
      {WATCH_PARTS.map((part) => ({ part, own: entries.filter((entry) => watchPart(entry) === part) }))
        .filter(({ own }) => own.length > 0)
        .map(({ part, own }) => (
          <section key={part} data-part={part}>
            <h2 className="queue-part">
              {t(`lists.${part}`)} <b>{own.length}</b>
            </h2>
            {own.map((entry) => (
              <Row key={entry.id} entry={entry} open={entry.id === openId} />
            ))}
          </section>
        ))}
    </div>
  );
}

function Row({ entry, open }: { entry: WatchEntry; open: boolean }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  return (
    <a className="row" href={routeTo("lists", entry.id)} aria-current={open} data-entry={entry.id}>
      <span className="row-text">
        <strong>{entry.label}</strong>
        {entry.plates.length > 0 && (
          <span className="list-plates">
            {entry.plates.map((plate) => (
              <PlateBadge key={plate} text={plate} colour={null} />
            ))}
          </span>
        )}
        <span className="row-meta">
          <span>
            {t("lists.proposed_by")} {entry.proposed_by}
          </span>
          <span>
            {t("lists.ends")} <time dateTime={entry.until}>{lastDay(entry.until, timezone)}</time>
          </span>
        </span>
      </span>
      <span className="row-badges">
        <span className={`badge list-${entry.state}`}>{t(`lists.state_${entry.state}`)}</span>
      </span>
    </a>
  );
}
