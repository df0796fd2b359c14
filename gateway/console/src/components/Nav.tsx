// The way around: a rail at the desk, within the thumb's reach on a phone, where what does not fit stands behind "more".
import * as Menu from "@radix-ui/react-dropdown-menu";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { isUnacknowledged } from "../logic/alerts";
import { pageFor, type WorkPage, workOf } from "../logic/roles";
import { type PageName, routeTo } from "../logic/route";
import { ICONS } from "../pages/table";
import { useRoute } from "../state/route";
import { useRole } from "../state/session";
import { useShownAlerts } from "../state/shown";
import { Icon } from "./Icon";

/** So many stand side by side on the narrowest phone, the button for the others among them. */
const ABREAST = 5;

export function Nav(): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  const pages = workOf(role);
  const page = pageFor(role, useRoute().page);
  const first = pages.length > ABREAST ? ABREAST - 1 : ABREAST;
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      {pages.map((name, place) => (
        <NavLink key={name} name={name} current={page === name} className={place < first ? "nav-item" : "nav-item nav-later"} />
      ))}
      {pages.length > ABREAST && <More pages={pages.slice(first)} page={page} />}
    </nav>
  );
}

interface LinkProps {
  name: WorkPage;
  current: boolean;
  className: string;
}

function NavLink({ name, current, className }: LinkProps): ReactElement {
  const { t } = useTranslation();
  return (
    <a href={routeTo(name)} className={className} aria-current={current ? "page" : undefined}>
      <Icon name={ICONS[name]} />
      <span>{t(`nav.${name}`)}</span>
      {name === "alerts" && <WaitingCount />}
    </a>
  );
}

function WaitingCount(): ReactElement | null {
  const waiting = useShownAlerts().filter(isUnacknowledged).length;
  return waiting > 0 ? <b className="nav-count">{waiting}</b> : null;
}

function More({ pages, page }: { pages: readonly WorkPage[]; page: PageName }): ReactElement {
  const { t } = useTranslation();
  const within = pages.find((name) => name === page);
  return (
    // Not modal: a modal menu writes a style sheet into the page, which the security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="nav-item nav-more" aria-current={within === undefined ? undefined : "page"}>
        <Icon name="more" />
        <span>{within === undefined ? t("nav.more") : t(`nav.${within}`)}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu menu-pages" side="top" align="end" sideOffset={6}>
          {pages.map((name) => (
            <Menu.Item key={name} className="menu-item" asChild>
              <a href={routeTo(name)}>
                <Icon name={ICONS[name]} />
                {t(`nav.${name}`)}
              </a>
            </Menu.Item>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
