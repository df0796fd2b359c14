// Who may sign in, and where they are signed in; for administrators.
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { fetchUsers, signOutUser, type UserEntry } from "../../api/account";
import { Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { useSession } from "../../state/session";
import { roleName } from "./roleName";

const KEY = ["account", "users"] as const;

export function UsersSection(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam, signal }) => fetchUsers(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const end = useMutation({ mutationFn: signOutUser, onSettled: () => client.invalidateQueries({ queryKey: KEY }) });
  const users = asked.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="account-users">
      <h2 id="account-users">{t("account.users_title")}</h2>
      <p className="quiet">{t("account.users_text")}</p>
      <Problem error={end.error} />
      <Loaded asked={asked} empty={false} emptyState={null}>
        <ul className="account-list">
          {users.map((user) => (
            <UserRow key={user.name} user={user} busy={end.isPending} onEnd={() => end.mutate(user.name)} />
          ))}
        </ul>
      </Loaded>
      {asked.hasNextPage && (
        <button type="button" className="button" onClick={() => void asked.fetchNextPage()}>
          {t("account.users_more")}
        </button>
      )}
    </section>
  );
}

function UserRow({ user, busy, onEnd }: { user: UserEntry; busy: boolean; onEnd(): void }): ReactElement {
  const { t } = useTranslation();
  const own = useSession((state) => state.session?.user ?? "");
  const sessions =
    user.sessions === 0 ? t("account.users_signed_out") : t("account.users_sessions", { count: user.sessions });
  return (
    <li>
      <div>
        <strong>{user.name}</strong>
        <span className="quiet">
          {roleName(t, user.role)} · {sessions} ·{" "}
          {user.second_factor ? t("account.users_second") : t("account.users_no_second")}
        </span>
      </div>
      {user.name !== own && user.sessions > 0 && (
        <button type="button" className="button" disabled={busy} onClick={onEnd}>
          {t("account.users_end")}
        </button>
      )}
    </li>
  );
}
