// A day at one gate, walked through by key, thumb or by itself: who passed, and what was raised, in their order.
import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchHappened } from "../../api/replay";
import { serverClock } from "../../api/clock";
import type { Lane } from "../../api/types";
import { Empty, Loaded } from "../../components/Loaded";
import { cameraName, laneName } from "../../logic/places";
import { stepsOf } from "../../logic/replay";
import { dayIn, daysLater, isDay, momentIn } from "../../logic/zone";
import { useLanes, useNodes } from "../../state/queries";
import { useSite } from "../../state/session";
import { Player } from "./Player";

export function ReplayPage(): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const [day, chooseDay] = useState(() => dayIn(serverClock.now(), site.timezone));
  const [chosen, choosePlace] = useState("");
  const { known, places, lanes } = usePlaces();
  const place = chosen || (places[0]?.id ?? "");
  const stretch = { since: momentIn(day, "00:00", site.timezone), until: momentIn(daysLater(day, 1), "00:00", site.timezone) };
  const asked = useQuery({
    queryKey: ["replay", place, day],
    queryFn: ({ signal }) => fetchHappened(place, lanes.filter(({ lane }) => lane === place), stretch, signal),
    enabled: place !== "",
    gcTime: 0,
  });
  const steps = asked.data === undefined ? [] : stepsOf(asked.data, { id: place });
  return (
    <section className="panel page replay" aria-label={t("replay.title")}>
      <header className="panel-head replay-head">
        <h1>{t("replay.title")}</h1>
        {places.length > 0 && (
          <select className="input" aria-label={t("replay.place")} value={place} onChange={(event) => choosePlace(event.target.value)}>
            {places.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
        <input
          className="input"
          type="date"
          aria-label={t("replay.day")}
          value={day}
          onChange={(event) => isDay(event.target.value) && chooseDay(event.target.value)}
        />
        <button type="button" className="button" disabled={asked.isFetching} onClick={() => void asked.refetch()}>
          {t("replay.again")}
        </button>
      </header>
      {asked.data?.whole === false && <p className="shift-warning">{t("replay.not_whole")}</p>}
      {place === "" ? (
        <Loaded asked={known} empty emptyState={<Empty icon="nodes" title={t("nodes.empty")} text={t("nodes.empty_text")} />}>
          {null}
        </Loaded>
      ) : (
        <Loaded
          asked={asked}
          empty={steps.length === 0}
          emptyState={<Empty icon="passages" title={t("replay.empty")} text={t("replay.empty_text")} />}
        >
          <Player key={`${place}/${day}`} steps={steps} stretch={stretch} />
        </Loaded>
      )}
    </section>
  );
}

interface Place {
  id: string;
  name: string;
}

/** Lanes first: a gate is a lane where there is one. Cameras are known as soon as nodes are. */
function usePlaces(): { known: ReturnType<typeof useNodes>; places: Place[]; lanes: readonly Lane[] } {
  const site = useSite();
  const known = useNodes();
  const lanes = useLanes().data ?? [];
  const gates = lanes.map(({ lane }) => ({ id: lane, name: laneName(site, lane) }));
  const cameras = (known.data ?? []).flatMap((node) =>
    node.cameras.map(({ id }) => ({ id, name: cameraName(site, id, node.id) })),
  );
  return { known, lanes, places: [...new Map([...gates, ...cameras].map((place) => [place.id, place])).values()] };
}
