// Everything that happened in a stretch of time, oldest first.
import { ask, withQuery } from "./client";
import type { Alert, Lane, LaneDecision, Page, Passage } from "./types";

/** A busy gate's day; beyond it the page says that it is not whole. */
export const MOST = 4_000;

export interface Stretch {
  since: string;
  until: string;
}

export interface Happened {
  passages: Passage[];
  alerts: Alert[];
  /** What the lane answered: whom it let in or refused, and why. */
  decisions: LaneDecision[];
  whole: boolean;
}

/** `lanes`: those that the place is, one at each node that calls it so; none for a camera. */
export async function fetchHappened(
  place: string,
  lanes: readonly Pick<Lane, "node" | "lane">[],
  stretch: Stretch,
  signal: AbortSignal,
): Promise<Happened> {
  const passages = await every<Passage>("/api/passages", { ...stretch, place }, signal);
  const alerts = await every<Alert>("/api/alerts", { ...stretch }, signal);
  const answers = [];
  for (const { node, lane } of lanes) {
    const path = `/api/lanes/${encodeURIComponent(node)}/${encodeURIComponent(lane)}/decisions`;
    answers.push(await every<LaneDecision>(path, { ...stretch }, signal));
  }
  return {
    passages: passages.items,
    alerts: alerts.items,
    decisions: answers.flatMap(({ items }) => items),
    whole: passages.whole && alerts.whole && answers.every(({ whole }) => whole),
  };
}

async function every<T>(path: string, query: Record<string, string>, signal: AbortSignal): Promise<{ items: T[]; whole: boolean }> {
  const items: T[] = [];
  let before: string | null = null;
  do {
    const page: Page<T> = await ask("GET", withQuery(path, { ...query, before, limit: 200 }), undefined, signal);
    items.push(...page.items);
    before = page.next;
  } while (before !== null && items.length < MOST);
  return { items, whole: before === null };
}
