// Who and what went through: searched by name, plate and camera.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { NO_FILTER } from "../../api/passages";
import type { Passage } from "../../api/types";
import { PassageDetail } from "./PassageDetail";
import { PassageFilterBar } from "./PassageFilterBar";
import { PassageList } from "./PassageList";
import { useSettled } from "./useSettled";

export function PassagesPage(): ReactElement {
  const { t } = useTranslation();
  const [filter, setFilter] = useState(NO_FILTER);
  const [open, setOpen] = useState<Passage | null>(null);
  const settled = useSettled(filter);
  return (
    <section className="panel page" aria-label={t("passages.title")}>
      <header className="panel-head">
        <h1>{t("passages.title")}</h1>
      </header>
      <PassageFilterBar filter={filter} onFilter={setFilter} />
      <PassageList filter={settled} onOpen={setOpen} />
      {open !== null && <PassageDetail passage={open} onClose={() => setOpen(null)} />}
    </section>
  );
}
