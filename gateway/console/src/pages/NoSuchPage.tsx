// An address that names no page: said so, with the way to one that is there.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../components/Loaded";
import { homeOf } from "../logic/roles";
import { routeTo } from "../logic/route";
import { useRole } from "../state/session";

export function NoSuchPage(): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  return (
    <section className="panel page" aria-label={t("load.no_page")}>
      <h1 className="hidden">{t("load.no_page")}</h1>
      <Empty icon="search" title={t("load.no_page")} text={t("load.no_page_text")}>
        <a className="button button-main" href={routeTo(homeOf(role))}>
          {t("load.home")}
        </a>
      </Empty>
    </section>
  );
}
