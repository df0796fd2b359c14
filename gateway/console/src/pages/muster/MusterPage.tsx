// Who is inside, read out at the assembly point: ticked off by several guards at once, and printed before the power goes.
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Muster } from "../../api/emergency";
import { Icon } from "../../components/Icon";
import { Empty, Loaded } from "../../components/Loaded";
import { Problem } from "../../components/Problem";
import { missingOf, zonesOf } from "../../logic/muster";
import { useEmergency, useMuster, useMusterStep } from "../../state/emergency";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { MusterZone } from "./MusterZone";

export function MusterPage(): ReactElement {
  const { t } = useTranslation();
  const asked = useMuster();
  const step = useMusterStep();
  const [typed, type] = useState("");
  const muster = asked.data;
  const zones = muster === undefined ? [] : zonesOf(muster, typed);
  return (
    <div className="muster" data-drill={muster?.muster?.drill}>
      <header className="muster-head">
        <h1>{t(muster?.muster?.drill ? "muster.title_drill" : "muster.title")}</h1>
        {muster && <Counts muster={muster} />}
        {muster && <Steps muster={muster} step={step} />}
      </header>
      {muster && <Doubts muster={muster} />}
      <Problem error={step.error} />
      <label className="muster-find">
        <Icon name="search" />
        <input className="input" placeholder={t("muster.find")} aria-label={t("muster.find")} value={typed} onChange={(event) => type(event.target.value)} />
      </label>
      <Loaded
        asked={asked}
        empty={zones.length === 0}
        emptyState={<Empty icon="quiet" title={t(typed === "" ? "muster.nobody" : "muster.none_found")} text={t("muster.nobody_text")} />}
      >
        <div className="muster-zones">
          {zones.map((zone) => (
            <MusterZone
              key={zone.name}
              zone={zone}
              calling={muster?.muster !== null}
              asOf={muster?.as_of ?? ""}
              onMet={(id, met) => step.mutate({ kind: "met", id, met })}
            />
          ))}
        </div>
      </Loaded>
    </div>
  );
}

function Counts({ muster }: { muster: Muster }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const site = useSite();
  const missing = missingOf(muster);
  return (
    <p className="muster-counts" role="status">
      <span className="print-only">
        {site.name} · {times.day(muster.as_of)} ·{" "}
      </span>
      {muster.muster === null ? (
        <b>{t("muster.inside", { count: muster.people.length })}</b>
      ) : (
        <>
          <b data-missing={missing}>{t("muster.missing", { count: missing })}</b>
          <span>{t("muster.met", { count: muster.people.length - missing })}</span>
          <span>{t("muster.began", { time: times.since(muster.muster.at, muster.as_of), who: muster.muster.who })}</span>
        </>
      )}
      <span>{t("muster.as_of", { time: times.clock(muster.as_of) })}</span>
    </p>
  );
}

function Steps({ muster, step }: { muster: Muster; step: ReturnType<typeof useMusterStep> }): ReactElement {
  const { t } = useTranslation();
  const drill = useEmergency().data?.call?.drill ?? false;
  return (
    <span className="muster-steps no-print">
      {muster.muster === null ? (
        <>
          <button type="button" className="button button-grave" disabled={step.isPending} onClick={() => step.mutate({ kind: "begin", drill })}>
            {t("muster.begin")}
          </button>
          <button type="button" className="button" disabled={step.isPending} onClick={() => step.mutate({ kind: "begin", drill: true })}>
            {t("muster.begin_drill")}
          </button>
        </>
      ) : (
        <button type="button" className="button" disabled={step.isPending} onClick={() => step.mutate({ kind: "end" })}>
          {t("muster.end")}
        </button>
      )}
      <button type="button" className="button" onClick={() => window.print()}>
        {t("muster.print")}
      </button>
    </span>
  );
}

/** What the list cannot know. */
function Doubts({ muster }: { muster: Muster }): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const { came, left } = muster.nameless;
  const unheard = muster.unheard.map(({ node, last_seen: seen }) =>
    seen === null ? node : `${node} (${t("muster.last_heard", { time: times.since(seen, muster.as_of) })})`,
  );
  if (unheard.length === 0 && came + left === 0) return null;
  return (
    <div className="muster-doubts">
      {unheard.length > 0 && (
        <p className="muster-stale">
          <Icon name="broken" />
          {t("muster.stale", { where: unheard.join(", ") })}
        </p>
      )}
      {came + left > 0 && <p>{t("muster.nameless", { came, left })}</p>}
    </div>
  );
}
