// A guardian's page: bound or not yet, then a child's days, messages, consents and wishes, within the thumb's reach.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../api/errors";
import { Boundary } from "../components/Boundary";
import { Icon, type IconName } from "../components/Icon";
import { Loaded } from "../components/Loaded";
import { fetchFamily } from "./api";
import { BindForm } from "./BindForm";
import { Consents } from "./Consents";
import { Days } from "./Days";
import { Messages } from "./Messages";
import type { Child, Family } from "./types";
import { Wishes } from "./Wishes";

const TABS = ["days", "messages", "consents", "wishes"] as const;
type Tab = (typeof TABS)[number];
const ICONS: Record<Tab, IconName> = { days: "clock", messages: "notices", consents: "quiet", wishes: "user" };

/** How soon a phone without a network finds the school again. */
const AGAIN_MS = 20_000;

export function FamilyApp(): ReactElement {
  const asked = useQuery({ queryKey: ["family"], queryFn: fetchFamily, refetchInterval: AGAIN_MS });
  const unbound = asked.error instanceof Refused && asked.error.status === 401;
  if (unbound) return <Unbound />;
  return (
    <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
      {asked.data !== undefined && <Bound family={asked.data} />}
    </Loaded>
  );
}

function Unbound(): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  return (
    <main className="family family-unbound">
      <h1>{t("family.title")}</h1>
      <p>{t("family.bind_text")}</p>
      <BindForm onBound={(family) => client.setQueryData(["family"], family)} />
    </main>
  );
}

function Bound({ family }: { family: Family }): ReactElement {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("days");
  const [chosen, setChosen] = useState(family.children[0]?.id);
  const child = family.children.find((each) => each.id === chosen) ?? family.children[0];
  return (
    <div className="family">
      <header className="family-head">
        <h1>{family.site}</h1>
        {family.children.length > 1 && <Children of={family.children} chosen={child?.id} choose={setChosen} />}
      </header>
      <main className="family-main" tabIndex={0} aria-label={t(`family.tab_${tab}`)}>
        <Boundary key={tab}>{child !== undefined && <Page tab={tab} family={family} child={child} />}</Boundary>
      </main>
      <nav className="family-nav" aria-label={t("nav.label")}>
        {TABS.map((name) => (
          <button key={name} type="button" aria-current={tab === name ? "page" : undefined} onClick={() => setTab(name)}>
            <Icon name={ICONS[name]} />
            <span>{t(`family.tab_${name}`)}</span>
          </button>
        ))}
      </nav>
    </div>
  );
}

function Page({ tab, family, child }: { tab: Tab; family: Family; child: Child }): ReactElement {
  switch (tab) {
    case "days":
      return <Days key={child.id} family={family} child={child} />;
    case "messages":
      return <Messages zone={family.timezone} />;
    case "consents":
      return <Consents key={child.id} child={child} zone={family.timezone} />;
    case "wishes":
      return <Wishes family={family} />;
  }
}

interface ChildrenProps {
  of: readonly Child[];
  chosen: string | undefined;
  choose(id: string): void;
}

function Children({ of, chosen, choose }: ChildrenProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="segments" role="group" aria-label={t("family.children")}>
      {of.map((child) => (
        <button key={child.id} type="button" aria-pressed={child.id === chosen} onClick={() => choose(child.id)}>
          {child.name}
        </button>
      ))}
    </div>
  );
}
