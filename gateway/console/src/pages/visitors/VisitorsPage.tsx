// Visitors of a day: who stays too long, who is inside, who is expected; one of them, or a form, beside the list.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { findByPass } from "../../api/visits";
import { Empty, Loaded } from "../../components/Loaded";
import { routeTo } from "../../logic/route";
import { isPassCode, matches, sectionsOf } from "../../logic/visits";
import { dayIn, isDay } from "../../logic/zone";
import { useNow } from "../../state/now";
import { go, useRoute } from "../../state/route";
import { useRole, useSite } from "../../state/session";
import { useAtDesk, useVisits } from "../../state/visits";
import { DayPicker } from "../school/DayPicker";
import { InviteForm } from "./InviteForm";
import { StopList } from "./StopList";
import { VisitDetail } from "./VisitDetail";
import { VisitList } from "./VisitList";
import { VisitProblem } from "./VisitProblem";
import { WindowForm } from "./WindowForm";

export function VisitorsPage(): ReactElement {
  const { t } = useTranslation();
  const { id, query } = useRoute();
  const today = dayIn(useNow(), useSite().timezone);
  const asked = query["day"] ?? "";
  const day = isDay(asked) ? asked : today;
  const visits = useVisits(day);
  const [wanted, setWanted] = useState("");
  const sections = sectionsOf((visits.data ?? []).filter((visit) => matches(visit, wanted)));
  return (
    <div className={id === null ? "split" : "split split-open"}>
      <section className="panel split-list" aria-label={t("visits.title")}>
        <header className="panel-head visits-head">
          <h1>{t("visits.title")}</h1>
          <Actions />
        </header>
        <div className="visits-tools">
          <DayPicker day={day} today={today} onDay={(next) => go(routeTo("visitors", undefined, next === today ? {} : { day: next }))} />
          <Finder wanted={wanted} onWanted={setWanted} />
        </div>
        <Loaded
          asked={visits}
          empty={sections.length === 0}
          emptyState={<Empty icon="card" title={t("visits.empty")} text={t("visits.empty_text")} />}
        >
          <VisitList sections={sections} openId={id} query={query} />
        </Loaded>
      </section>
      <section className="panel split-detail" aria-label={t("action.details")}>
        <Beside id={id} />
      </section>
    </div>
  );
}

function Beside({ id }: { id: string | null }): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  if (id === "new" && role !== "teacher") return <WindowForm />;
  if (id === "invite" && role !== "guard") return <InviteForm />;
  if (id === "list" && role === "admin") return <StopList />;
  return id === null ? <p className="split-hint">{t("visits.choose")}</p> : <VisitDetail key={id} id={id} />;
}

/** What each role does here; the gateway decides whether it may. */
function Actions(): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  return (
    <div className="visits-actions">
      {role !== "teacher" && (
        <a className="button button-main" href={routeTo("visitors", "new")}>
          {t("visits.register")}
        </a>
      )}
      {role !== "guard" && (
        <a className={role === "teacher" ? "button button-main" : "button"} href={routeTo("visitors", "invite")}>
          {t("visits.invite")}
        </a>
      )}
      {role === "admin" && (
        <a className="button" href={routeTo("visitors", "list")}>
          {t("visits.stop_list")}
        </a>
      )}
    </div>
  );
}

/** A name filters the list; what a scanner types from a pass opens its visit. */
function Finder({ wanted, onWanted }: { wanted: string; onWanted(text: string): void }): ReactElement {
  const { t } = useTranslation();
  const role = useRole();
  const find = useAtDesk(findByPass, (visit) => {
    onWanted("");
    go(routeTo("visitors", visit.id));
  });
  return (
    <form
      className="visits-find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (isPassCode(wanted) && role !== "teacher") find.mutate(wanted.trim());
      }}
    >
      <input
        className="input"
        type="search"
        autoComplete="off"
        aria-label={t("visits.find")}
        placeholder={t(role === "teacher" ? "visits.find_hint_host" : "visits.find_hint")}
        value={wanted}
        onChange={(event) => onWanted(event.target.value)}
      />
      <VisitProblem error={find.error} />
    </form>
  );
}
