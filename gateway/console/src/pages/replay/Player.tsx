// The line of the day, and what is shown of the step on it.
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Stretch } from "../../api/replay";
import type { LaneDecision } from "../../api/types";
import { SeverityMark } from "../../components/SeverityMark";
import { LaneWho } from "../../components/LaneWho";
import { alertKind, reasonText } from "../../i18n/codes";
import { isGrave, share, type Step } from "../../logic/replay";
import { routeTo } from "../../logic/route";
import { useTimes } from "../../state/times";
import { EvidenceStrip } from "../alerts/EvidenceStrip";
import { PassageFacts } from "../passages/PassageFacts";

/** One step a second, while it plays by itself. */
const STEP_MS = 1_000;
const LINE = 1_000;

export function Player({ steps, stretch }: { steps: readonly Step[]; stretch: Stretch }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const [at, go] = useState(0);
  const [playing, play] = useState(false);
  const last = steps.length - 1;
  const step = steps[Math.min(at, last)];
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => go((before) => Math.min(before + 1, last)), STEP_MS);
    return () => clearInterval(timer);
  }, [playing, last]);
  return (
    <div className="replay-body">
      <svg className="replay-line" viewBox={`0 0 ${LINE} 40`} preserveAspectRatio="none" aria-hidden="true">
        {steps.map((each) => {
          const x = share(each.at, stretch.since, stretch.until) * LINE;
          const grave = isGrave(each);
          return <line key={each.id} x1={x} x2={x} y1={grave ? 2 : 16} y2={38} className={grave ? "replay-grave" : ""} />;
        })}
        {step && <Here x={share(step.at, stretch.since, stretch.until) * LINE} />}
      </svg>
      <div className="replay-steps">
        <button type="button" className="button" disabled={at <= 0} onClick={() => go(at - 1)}>
          {t("replay.back")}
        </button>
        <input
          type="range"
          className="replay-range"
          aria-label={t("replay.line")}
          aria-valuetext={step && times.clock(step.at)}
          min={0}
          max={last}
          value={Math.min(at, last)}
          ref={focused}
          onChange={(event) => go(Number(event.target.value))}
        />
        <button type="button" className="button" disabled={at >= last} onClick={() => go(at + 1)}>
          {t("replay.next")}
        </button>
        <button type="button" className="button button-main" aria-pressed={playing} onClick={() => play(!playing)}>
          {t(playing ? "replay.pause" : "replay.play")}
        </button>
      </div>
      <p className="replay-where" role="status">
        <b className="number">{step && times.clock(step.at)}</b> {t("replay.of", { at: Math.min(at, last) + 1, all: steps.length })}
      </p>
      {step && <Shown key={step.id} step={step} />}
    </div>
  );
}

/** The keys of the line work at once: arrows step, Home and End lead to the day's first and last. */
function focused(element: HTMLInputElement | null): void {
  element?.focus({ preventScroll: true });
}

function Here({ x }: { x: number }): ReactElement {
  return <line x1={x} x2={x} y1={0} y2={40} className="replay-here" />;
}

/** What the lane answered: opened or refused, whom, and why. */
function Answered({ decision }: { decision: LaneDecision }): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="detail" data-answered={decision.transaction}>
      <p className="lane-said" data-verdict={decision.by_hand ? undefined : decision.verdict}>
        <b>{t(`lane.verdict_${decision.verdict}`)}</b> <LaneWho decision={decision} />
        <span className="lane-reason">{reasonText(t, decision.reason)}</span>
      </p>
      <EvidenceStrip evidence={decision.evidence} />
    </div>
  );
}

function Shown({ step }: { step: Step }): ReactElement {
  const { t } = useTranslation();
  if (step.kind === "passage") return <PassageFacts passage={step.passage} />;
  if (step.kind === "decision") return <Answered decision={step.decision} />;
  const { alert } = step;
  return (
    <div className="detail" data-replayed={alert.id}>
      <p className="passage-head">
        <SeverityMark severity={alert.severity} />
        <b>{alertKind(t, alert.kind)}</b>
        <span>{t(`state.${alert.state}`)}</span>
      </p>
      <EvidenceStrip evidence={alert.evidence} />
      <a className="button" href={routeTo("alerts", alert.id)}>
        {t("passages.open_alert")}
      </a>
    </div>
  );
}
