// An address that names no page: said so, with the way to one that is there.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../components/Loaded";
import { routeTo } from "../logic/route";

export function NoSuchPage(): ReactElement {
  const { t } = useTranslation();
  return (
    <section className="panel page" aria-label={t("load.no_page")}>
      <h1 className="hidden">{t("load.no_page")}</h1>
      <Empty icon="search" title={t("load.no_page")} text={t("load.no_page_text")}>
        <a className="button button-main" href={routeTo("watch")}>
          {t("nav.watch")}
        </a>
      </Empty>
    </section>
  );
}
