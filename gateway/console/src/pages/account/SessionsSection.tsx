// Where somebody is signed in, and out there.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { endAllSessions, endSession, fetchSessions, type SessionEntry } from "../../api/account";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { browserName } from "../../logic/agent";
import { useSession } from "../../state/session";
import { useTimes } from "../../state/times";

const KEY = ["account", "sessions"] as const;

export function SessionsSection(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const left = useSession((state) => state.left);
  const asked = useQuery({ queryKey: KEY, queryFn: ({ signal }) => fetchSessions(signal) });
  const end = useMutation({ mutationFn: endSession, onSettled: () => client.invalidateQueries({ queryKey: KEY }) });
  const endAll = useMutation({ mutationFn: endAllSessions, onSuccess: left });
  return (
    <section aria-labelledby="account-sessions">
      <h2 id="account-sessions">{t("account.sessions_title")}</h2>
      <Problem error={end.error ?? endAll.error} />
      <Loaded asked={asked} empty={false} emptyState={null}>
        <ul className="account-list">
          {(asked.data ?? []).map((entry) => (
            <SessionRow key={entry.id} entry={entry} busy={end.isPending} onEnd={() => end.mutate(entry.id)} />
          ))}
        </ul>
      </Loaded>
      <button type="button" className="button" disabled={endAll.isPending} onClick={() => endAll.mutate()}>
        {t("account.sessions_all")}
      </button>
    </section>
  );
}

function SessionRow({ entry, busy, onEnd }: { entry: SessionEntry; busy: boolean; onEnd(): void }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const said = [
    ...(entry.address === "" ? [] : [entry.address]),
    t("account.sessions_since", { time: times.full(entry.created_at) }),
    t("account.sessions_seen", { time: times.full(entry.seen_at) }),
  ];
  return (
    <li>
      <div>
        <strong>{browserName(entry.agent) ?? t("account.browser_unknown")}</strong>
        <span className="quiet">
          {said.join(" · ")}
        </span>
      </div>
      {entry.current ? (
        <span className="badge">{t("account.sessions_this")}</span>
      ) : (
        <button type="button" className="button" disabled={busy} onClick={onEnd}>
          {t("account.sessions_end")}
        </button>
      )}
    </li>
  );
}
