// What the whole site was ordered to be: by whom, until when, why, and who has not heard of it.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { KeptOrder } from "../../api/types";
import { Icon } from "../../components/Icon";
import { laneName, type Names } from "../../logic/places";
import { useNow } from "../../state/now";
import { useSiteOrder } from "../../state/queries";
import { useSite } from "../../state/session";
import { useSettings } from "../../state/settings";
import { useTimes } from "../../state/times";

export function SiteOrderBanner(): ReactElement | null {
  const { t } = useTranslation();
  const site = useSite();
  const language = useSettings((settings) => settings.language);
  const now = useNow();
  const times = useTimes();
  const order = useSiteOrder().data ?? null;
  if (order === null) return null;
  const until = times.until(order.until, now);
  return (
    <div className="site-order" data-order-state={order.state} role="status">
      <Icon name="clock" />
      <span>
        <b>{order.state === "normal" ? t("order.kept_normal") : t(`order.kept_${order.state}`, { time: until })}</b>{" "}
        {t("order.kept_by", { who: order.who, why: order.why })}
      </span>
      {order.waiting.length > 0 && (
        <span className="site-order-waiting">{t("order.kept_waiting", { where: places(t, language, site, order) })}</span>
      )}
    </div>
  );
}

function places(t: TFunction, language: string, site: Names, { waiting }: KeptOrder): string {
  const named = waiting.map(({ node, lane }) =>
    lane === null ? t("order.kept_node", { node }) : `${laneName(site, lane)} (${node})`,
  );
  return new Intl.ListFormat(language, { style: "narrow", type: "unit" }).format(named);
}
