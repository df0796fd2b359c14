// Keeps every answer up to date: live events go into all that is kept, and into what was under way meanwhile.
import { notifyManager, type QueryClient } from "@tanstack/react-query";
import { applyEvent } from "./apply";
import type { LiveEvent } from "./events";
import { Journal } from "./journal";
import { keys } from "./keys";

/** What is counted changes with every passage; asking once a few seconds is enough. */
const COUNTED_EVERY_MS = 3_000;
/** After an event what comes so soon is applied together: a thousand nodes that return say hundreds of things a second. */
const TOGETHER_MS = 100;

export class LiveStore {
  private readonly journal = new Journal();
  private readonly marks = new Map<string, number>();
  private countedTimer: ReturnType<typeof setTimeout> | null = null;
  private queue: LiveEvent[] = [];
  private queueTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly client: QueryClient) {
    this.followFetches();
  }

  /** What was said at once is shown at once: an alert with all that was said before it; anything else in a rush after a
   * moment. */
  take(...events: readonly LiveEvent[]): void {
    const shown = events.filter((event) => event.kind !== "watch_list");
    // Only who looks at it asks for it again: each look is written down.
    if (shown.length < events.length) void this.client.invalidateQueries({ queryKey: keys.watchLists() });
    if (shown.length === 0) return;
    for (const event of shown) this.journal.add(event);
    this.queue.push(...shown);
    if (this.queueTimer === null || shown.some((event) => event.kind === "alert")) this.flush();
    this.queueTimer ??= setTimeout(() => {
      this.queueTimer = null;
      this.flush();
    }, TOGETHER_MS);
    this.refreshCounted();
  }

  /** The ages of what nodes said last. Their events do not hold this up: one of them may say something every second. */
  refetchNodes(): void {
    void this.client.invalidateQueries({ queryKey: keys.nodes() }, { cancelRefetch: false });
  }

  /** Fetch everything that is shown again: something may have been missed. */
  refetch(): void {
    void this.client.invalidateQueries();
  }

  /** An answer is as old as its request: what came in between is applied on top of it. */
  private followFetches(): void {
    this.client.getQueryCache().subscribe((change) => {
      if (change.type !== "updated") return;
      const { queryHash, queryKey } = change.query;
      if (change.action.type === "fetch") {
        // What was said before the question is older than its answer.
        this.flush();
        this.marks.set(queryHash, this.journal.mark());
      }
      if (change.action.type !== "success" || change.action.manual) return;
      const mark = this.marks.get(queryHash) ?? this.journal.mark();
      this.applyTo(queryKey, this.journal.since(mark));
    });
  }

  private flush(): void {
    const events = this.queue;
    if (events.length === 0) return;
    this.queue = [];
    // Told one by one, each list that changed would be drawn by itself.
    notifyManager.batch(() => {
      for (const query of this.client.getQueryCache().getAll()) this.applyTo(query.queryKey, events);
    });
  }

  private applyTo(key: readonly unknown[], events: readonly LiveEvent[]): void {
    const state = this.client.getQueryState(key);
    if (state?.data === undefined) return;
    const after = events.reduce<unknown>((data, event) => applyEvent(key, data, event), state.data);
    // One node's word makes no other node's younger.
    const updatedAt = key[0] === "nodes" ? state.dataUpdatedAt : undefined;
    if (after !== state.data) this.client.setQueryData<unknown>(key, after, { updatedAt });
  }

  private refreshCounted(): void {
    this.countedTimer ??= setTimeout(() => {
      this.countedTimer = null;
      for (const queryKey of [keys.summary(), keys.attendance()]) void this.client.invalidateQueries({ queryKey });
    }, COUNTED_EVERY_MS);
  }
}
