// The visits of a day in sections.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Visit } from "../../api/visits";
import { routeTo } from "../../logic/route";
import type { Section } from "../../logic/visits";
import { clockIn } from "../../logic/zone";
import { useSite } from "../../state/session";
import { VisitState } from "./VisitState";

interface Props {
  sections: readonly { section: Section; visits: readonly Visit[] }[];
  openId: string | null;
  query: Record<string, string>;
}

export function VisitList({ sections, openId, query }: Props): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="scroll visits-list">
      {sections.map(({ section, visits }) => (
        <section key={section} aria-label={t(`visits.section_${section}`)}>
          <h2 className={`visits-section visits-section-${section}`}>
            {t(`visits.section_${section}`)} <span className="number">{visits.length}</span>
          </h2>
          <ul>
            {visits.map((visit) => (
              <li key={visit.id}>
                <Row visit={visit} open={visit.id === openId} address={routeTo("visitors", visit.id, query)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Row({ visit, open, address }: { visit: Visit; open: boolean; address: string }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  return (
    <a className="row visit" data-visit={visit.id} href={address} aria-current={open}>
      <span className="visit-time number">
        {clockIn(visit.begins, timezone)}–{clockIn(visit.ends, timezone)}
      </span>
      <span className="row-text">
        <strong>{visit.name}</strong>
        <span className="row-meta">
          <span>{t("visits.to", { host: visit.host || t("visits.host_gone") })}</span>
          {visit.purpose !== "" && <span>{visit.purpose}</span>}
        </span>
      </span>
      <VisitState visit={visit} />
    </a>
  );
}
