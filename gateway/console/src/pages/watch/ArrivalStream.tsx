// Who is passing, newest on top.
import { memo, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Loaded } from "../../components/Loaded";
import { useStream } from "../../state/queries";
import { ArrivalRow } from "./ArrivalRow";

export const ArrivalStream = memo(function ArrivalStream(): ReactElement {
  const { t } = useTranslation();
  const asked = useStream();
  const passages = asked.data ?? [];
  return (
    <section className="panel stream" aria-label={t("watch.arrivals")}>
      <header className="panel-head">
        <h2>{t("watch.arrivals")}</h2>
      </header>
      <Loaded
        asked={asked}
        empty={passages.length === 0}
        emptyState={<Empty icon="passages" title={t("watch.no_arrivals")} text={t("watch.no_arrivals_text")} />}
      >
        <div className="panel-scroll" role="group" aria-label={t("watch.arrivals")} tabIndex={0}>
          <ul>
            {passages.map((passage) => (
              <ArrivalRow key={passage.id} passage={passage} />
            ))}
          </ul>
        </div>
      </Loaded>
    </section>
  );
});
