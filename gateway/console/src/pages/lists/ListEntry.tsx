// One entry: its photographs and ground, who stands behind it, and what can be said to it.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { WatchEntry } from "../../api/watchLists";
import { DetailHead } from "../../components/DetailHead";
import { Fact, Facts } from "../../components/Facts";
import { Picture } from "../../components/Picture";
import { PlateBadge } from "../../components/PlateBadge";
import { routeTo } from "../../logic/route";
import { lastDay, watchPart } from "../../logic/watchLists";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { useEscape } from "../alerts/useEscape";
import { type Doing, EntryDialog } from "./EntryDialog";

export function ListEntry({ entry }: { entry: WatchEntry }): ReactElement {
  const { t } = useTranslation();
  const [doing, setDoing] = useState<Doing | null>(null);
  useEscape(routeTo("lists"));
  return (
    <>
      <DetailHead
        back={routeTo("lists")}
        title={entry.label}
        badges={<span className={`badge list-${entry.state}`}>{t(`lists.state_${entry.state}`)}</span>}
      >
        <span>{entry.ground}</span>
      </DetailHead>
      <div className="panel-scroll detail" role="group" tabIndex={0} aria-label={t("action.details")}>
        <Photos entry={entry} />
        <EntryFacts entry={entry} />
      </div>
      <footer className="focus-foot act">
        <Steps entry={entry} onDo={setDoing} />
      </footer>
      {doing !== null && <EntryDialog entry={entry} doing={doing} onDone={() => setDoing(null)} />}
    </>
  );
}

function Photos({ entry }: { entry: WatchEntry }): ReactElement | null {
  const { t } = useTranslation();
  if (watchPart(entry) === "over") return null;
  if (entry.pictures.length === 0) return <p className="quiet">{t("lists.no_photo")}</p>;
  return (
    <ul className="list-photos">
      {entry.pictures.map((picture, index) => (
        <li key={picture.sha256}>
          <Picture url={picture.url} alt={t("lists.photo_of", { number: index + 1, label: entry.label })} missing="stranger" fit="contain" />
        </li>
      ))}
    </ul>
  );
}

function EntryFacts({ entry }: { entry: WatchEntry }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const { timezone } = useSite();
  const by = (who: string | null, at: string | null): string | null => (who === null || at === null ? null : `${who} · ${times.full(at)}`);
  const compared = entry.templates > 0 ? t("lists.photos_count", { count: entry.templates }) : t("lists.only_plates");
  return (
    <section>
      {entry.plates.length > 0 && (
        <p className="list-plates">
          {entry.plates.map((plate) => (
            <PlateBadge key={plate} text={plate} colour={null} size="large" />
          ))}
        </p>
      )}
      <Facts as="table">
        <Fact name={t("lists.ends")}>{lastDay(entry.until, timezone)}</Fact>
        <Fact name={t("lists.proposed_by")}>{by(entry.proposed_by, entry.proposed_at)}</Fact>
        <Fact name={t("lists.decided_by")}>{by(entry.decided_by, entry.decided_at)}</Fact>
        <Fact name={t("lists.ended_by")}>{by(entry.ended_by, entry.ended_at)}</Fact>
        <Fact name={t("lists.reason")}>{entry.reason}</Fact>
        <Fact name={t("lists.compared")}>{entry.state === "active" && compared}</Fact>
      </Facts>
    </section>
  );
}

function Steps({ entry, onDo }: { entry: WatchEntry; onDo(doing: Doing): void }): ReactElement {
  const { t } = useTranslation();
  const part = watchPart(entry);
  return (
    <div className="steps">
      {part === "waiting" && entry.mine && <span className="list-mine">{t("lists.mine")}</span>}
      {part === "waiting" && !entry.mine && (
        <>
          <button type="button" className="button step" data-step="approve" onClick={() => onDo("approve")}>
            {t("lists.approve")}…
          </button>
          <button type="button" className="button step" data-step="refuse" onClick={() => onDo("refuse")}>
            {t("lists.refuse")}…
          </button>
        </>
      )}
      {part !== "over" && (
        <button type="button" className="button step" data-step="withdraw" onClick={() => onDo("withdraw")}>
          {t("lists.withdraw")}…
        </button>
      )}
    </div>
  );
}
