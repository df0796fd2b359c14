// The way around: a rail at the desk, within the thumb's reach on a phone.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { isUnacknowledged } from "../logic/alerts";
import { routeTo } from "../logic/route";
import { useRoute } from "../state/route";
import { useShownAlerts } from "../state/shown";
import { Icon } from "./Icon";

const PAGES = ["watch", "alerts", "passages", "notices", "nodes"] as const;

export function Nav(): ReactElement {
  const { t } = useTranslation();
  const { page } = useRoute();
  const waiting = useShownAlerts().filter(isUnacknowledged).length;
  return (
    <nav className="nav" aria-label={t("nav.label")}>
      {PAGES.map((name) => (
        <a key={name} href={routeTo(name)} className="nav-item" aria-current={page === name ? "page" : undefined}>
          <Icon name={name} />
          <span>{t(`nav.${name}`)}</span>
          {name === "alerts" && waiting > 0 && <b className="nav-count">{waiting}</b>}
        </a>
      ))}
    </nav>
  );
}
