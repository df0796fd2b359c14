// Who and what is looked for, what waits for a second person, and what is over.
import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchWatchLists } from "../../api/watchLists";
import { Empty, Loaded } from "../../components/Loaded";
import { keys } from "../../live/keys";
import { useRoute } from "../../state/route";
import { ListEntries } from "./ListEntries";
import { ListEntry } from "./ListEntry";
import { ProposeDialog } from "./ProposeDialog";

export function ListsPage(): ReactElement {
  const { t } = useTranslation();
  const { id } = useRoute();
  const [proposing, setProposing] = useState(false);
  const asked = useQuery({
    queryKey: keys.watchLists(),
    queryFn: ({ signal }) => fetchWatchLists(signal),
    gcTime: 0,
  });
  const entries = asked.data ?? [];
  const entry = entries.find((one) => one.id === id);
  return (
    <div className={entry === undefined ? "split" : "split split-open"}>
      <section className="panel split-list" aria-label={t("lists.title")}>
        <header className="panel-head">
          <h1>{t("lists.title")}</h1>
          <button type="button" className="button button-main" onClick={() => setProposing(true)}>
            {t("lists.propose")}
          </button>
        </header>
        <p className="queue-intro quiet">{t("lists.intro")}</p>
        <Loaded
          asked={asked}
          empty={entries.length === 0}
          emptyState={<Empty icon="stranger" title={t("lists.empty")} text={t("lists.empty_text")} />}
        >
          <ListEntries entries={entries} openId={id} />
        </Loaded>
      </section>
      <section className="panel split-detail" aria-label={t("action.details")}>
        {entry === undefined ? <p className="split-hint">{t("lists.choose")}</p> : <ListEntry key={entry.id} entry={entry} />}
      </section>
      {proposing && <ProposeDialog onDone={() => setProposing(false)} />}
    </div>
  );
}
