// A person's way through a day: chosen by name and day, drawn up to the moment at which the slider stands.
import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { serverClock } from "../../api/clock";
import { type Drawing, fetchDay, type Point } from "../../api/sitePlan";
import type { PersonEntry } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { momentOf, type Stop, trail, type Way, wayOf } from "../../logic/plan/way";
import { dayIn, isDay } from "../../logic/zone";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { PersonPicker } from "../watch/PersonPicker";

interface Props {
  drawing: Drawing;
  onTrail(points: readonly Point[]): void;
}

export function WayPanel({ drawing, onTrail }: Props): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const [person, choose] = useState<PersonEntry | null>(null);
  const [day, setDay] = useState(() => dayIn(serverClock.now(), site.timezone));
  const asked = useQuery({
    queryKey: ["way", person?.id, day],
    queryFn: ({ signal }) => fetchDay(person?.id ?? "", day, signal),
    enabled: person !== null,
    // Every look is audited: it is not asked again by itself.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  useEffect(() => () => onTrail([]), [onTrail]);
  return (
    <section className="map-way-panel" aria-label={t("map.way")}>
      <PersonPicker person={person} onPerson={choose} />
      <label className="field">
        <span>{t("replay.day")}</span>
        <input className="input" type="date" value={day} onChange={(event) => isDay(event.target.value) && setDay(event.target.value)} />
      </label>
      <p className="quiet">{t("map.way_audited")}</p>
      {person !== null && (
        <Loaded
          asked={asked}
          empty={asked.data === undefined || asked.data.steps.length === 0}
          emptyState={<Empty icon="passages" title={t("map.way_empty")} text={t("map.way_empty_text")} />}
        >
          {asked.data && <Player key={`${person.id}/${day}`} way={wayOf(drawing, asked.data.steps)} onTrail={onTrail} />}
        </Loaded>
      )}
    </section>
  );
}

/** A day is played in so many steps. */
const STEPS = 400;
const STEP_MS = 50;

function Player({ way, onTrail }: { way: Way; onTrail: Props["onTrail"] }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const { stops, unplaced } = way;
  const [first, last] = [stops[0]?.time ?? 0, stops.at(-1)?.time ?? 0];
  const [time, go] = useState(last);
  const [playing, play] = useState(false);
  const length = Math.max(1, last - first);
  useEffect(() => onTrail(trail(stops, time)), [stops, time, onTrail]);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => go((before) => Math.min(last, before + length / STEPS)), STEP_MS);
    return () => clearInterval(timer);
  }, [playing, last, length]);
  if (stops.length === 0) return <p className="shift-warning">{t("map.way_unplaced", { number: unplaced })}</p>;
  return (
    <>
      <div className="map-play">
        <button
          type="button"
          className="button button-main"
          aria-pressed={playing}
          onClick={() => {
            if (!playing && time >= last) go(first);
            play(!playing);
          }}
        >
          {t(playing ? "replay.pause" : "replay.play")}
        </button>
        <input
          type="range"
          aria-label={t("map.way_time")}
          aria-valuetext={times.clock(time)}
          min={first}
          max={last}
          step={1000}
          value={time}
          onChange={(event) => {
            play(false);
            go(Number(event.target.value));
          }}
        />
        <b className="number">{times.clock(time)}</b>
      </div>
      {unplaced > 0 && <p className="quiet">{t("map.way_unplaced", { number: unplaced })}</p>}
      <ol className="map-list">
        {stops.map((stop, index) => (
          <StopRow key={`${stop.step.passage_id}`} stop={stop} now={momentOf(stops, time)?.stop === index} onGo={() => go(stop.time)} />
        ))}
      </ol>
    </>
  );
}

function StopRow({ stop, now, onGo }: { stop: Stop; now: boolean; onGo(): void }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const { movement } = stop.step;
  return (
    <li>
      <button type="button" className="map-item" aria-current={now ? "step" : undefined} onClick={onGo}>
        <b className="number">{times.clock(stop.time)}</b>
        <span>{stop.spot.part.name}</span>
        {movement !== null && <span className="quiet">{t(`map.way_${movement}`)}</span>}
      </button>
    </li>
  );
}
