// One visit: who, what stands against letting them in, the next step, and their way over the site.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Visit, VisitStep } from "../../api/visits";
import { Fact, Facts } from "../../components/Facts";
import { Icon } from "../../components/Icon";
import { Loaded } from "../../components/Loaded";
import { Picture } from "../../components/Picture";
import { laneName, placeName } from "../../logic/places";
import { routeTo } from "../../logic/route";
import { useRole, useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { useVisit, useVisitDesk } from "../../state/visits";
import { Arriving } from "./Arriving";
import { EndButtons } from "./EndButtons";
import { HostLink } from "./HostLink";
import { InsideSteps } from "./InsideSteps";
import { VisitState } from "./VisitState";

export function VisitDetail({ id }: { id: string }): ReactElement {
  const asked = useVisit(id);
  return (
    <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
      {asked.data !== undefined && <Whole visit={asked.data.visit} steps={asked.data.steps} />}
    </Loaded>
  );
}

function Whole({ visit, steps }: { visit: Visit; steps: readonly VisitStep[] }): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  const atDesk = role === "admin" || role === "guard";
  return (
    <div className="detail scroll" data-visit={visit.id}>
      <header className="visit-head">
        <a className="button button-plain split-back" aria-label={t("action.back")} href={routeTo("visitors")}>
          <Icon name="back" />
        </a>
        <h2>{visit.name}</h2>
        <VisitState visit={visit} />
      </header>
      <div className="visit-about">
        {atDesk && (
          <span className="visit-photo">
            <Picture url={visit.picture} alt={t("visits.photo_of", { name: visit.name })} missing="person" missingText={t("visits.no_photo")} />
          </span>
        )}
        <VisitFacts visit={visit} />
      </div>
      {atDesk && visit.state === "announced" && <Arriving visit={visit} />}
      {atDesk && visit.state === "invited" && <p className="quiet">{t("visits.not_answered")}</p>}
      {atDesk && visit.state === "invited" && <Arriving visit={visit} />}
      {atDesk && visit.state === "inside" && <InsideSteps visit={visit} />}
      {role !== "guard" && <HostLink visit={visit} />}
      <Way steps={steps} />
      <EndButtons visit={visit} />
    </div>
  );
}

function VisitFacts({ visit }: { visit: Visit }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const desk = useVisitDesk();
  const area = desk.data?.areas.find((each) => each.id === visit.area)?.name ?? "";
  return (
    <Facts as="table" look="visit-facts">
      <Fact name={t("visits.time")}>{`${times.full(visit.begins).slice(0, -3)} – ${times.full(visit.ends).slice(0, -3)}`}</Fact>
      {(["host", "purpose", "phone", "citizen", "plate"] as const).map((name) => (
        <Fact key={name} name={t(`visits.${name}`)}>
          {visit[name]}
        </Fact>
      ))}
      <Fact name={t("visits.area")}>{area}</Fact>
      <Fact name={t("visits.card")}>{visit.card}</Fact>
      <Fact name={t("visits.decided")}>{visit.decided_by !== null && `${visit.decided_by}: ${visit.decision}`}</Fact>
    </Facts>
  );
}

function Way({ steps }: { steps: readonly VisitStep[] }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  if (steps.length === 0) return null;
  return (
    <section>
      <h3>{t("visits.way")}</h3>
      <ol className="visit-way">
        {steps.map((step) => (
          <li key={step.passage_id}>
            <time className="number" dateTime={step.time}>
              {times.clock(step.time)}
            </time>
            <span>{step.lane === null ? placeName(site, step) : laneName(site, step.lane)}</span>
            <span>{step.direction === "in" ? t("direction.in") : step.direction === "out" ? t("direction.out") : ""}</span>
            {step.zone !== null && step.zone !== "" && <span className="quiet">{step.zone}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}
