// What a live event does to an answer that is kept: pure, and the same however often it is applied.
import type { StateFilter } from "../api/alerts";
import type { Around, PassageFilter } from "../api/passages";
import type { Alert, Lane, NodeStatus, Notice, Passage } from "../api/types";
import { isOpen, mergeOpen, newerOf } from "../logic/alerts";
import { mergeNodes } from "../logic/health";
import { mergeLanes } from "../logic/lanes";
import { applyToPages, type Growing } from "../logic/pages";
import { isAround, matches, mergeStream } from "../logic/passages";
import { siteNow } from "../state/session";
import type { LiveEvent } from "./events";

export function alertBelongs(alert: Alert, state: StateFilter): boolean {
  if (state === "all") return true;
  if (state === "open") return isOpen(alert);
  return state === "closed" ? !isOpen(alert) : alert.state === state;
}

/** The kept answer named by `key` after `event`; the same object when the event does not concern it. */
export function applyEvent(key: readonly unknown[], data: unknown, event: LiveEvent): unknown {
  if (event.kind === "alert") return applyAlert(key, data, event.value);
  if (event.kind === "passage") return applyPassage(key, data, event.value);
  if (event.kind === "node") return key[0] === "nodes" ? mergeNodes(data as NodeStatus[], event.value) : data;
  if (event.kind === "lane") return key[0] === "lanes" ? mergeLanes(data as Lane[], event.value) : data;
  if (event.kind === "watch_list") return data;
  return key[0] === "notices" ? applyNotice(data as Growing<Notice>, event.value) : data;
}

function applyAlert(key: readonly unknown[], data: unknown, alert: Alert): unknown {
  if (key[0] === "open-alerts") return mergeOpen(data as Alert[], alert);
  if (key[0] === "alert") return key[1] === alert.id ? newerOf(data as Alert, alert) : data;
  if (key[0] !== "alerts") return data;
  const state = key[1] as StateFilter;
  return applyToPages(data as Growing<Alert>, alert, {
    id: (item) => item.id,
    belongs: (item) => alertBelongs(item, state),
    newer: newerOf,
  });
}

function applyPassage(key: readonly unknown[], data: unknown, passage: Passage): unknown {
  if (key[0] === "stream") return mergeStream(data as Passage[], passage);
  if (key[0] === "around") return isAround(passage, key[1] as Around) ? mergeStream(data as Passage[], passage) : data;
  if (key[0] !== "passages") return data;
  const filter = key[1] as PassageFilter;
  return applyToPages(data as Growing<Passage>, passage, {
    id: (item) => item.id,
    belongs: (item) => matches(item, filter, siteNow()),
    newer: (_known, incoming) => incoming,
  });
}

const applyNotice = (data: Growing<Notice>, notice: Notice): Growing<Notice> =>
  applyToPages(data, notice, { id: (item) => item.id, belongs: () => true, newer: (_known, incoming) => incoming });
