// Keeps every answer up to date: live events go into all that is kept, and into what was under way meanwhile.
import type { QueryClient } from "@tanstack/react-query";
import { applyEvent } from "./apply";
import type { LiveEvent } from "./events";
import { Journal } from "./journal";
import { keys } from "./keys";

/** What is counted changes with every passage; asking once a few seconds is enough. */
const COUNTED_EVERY_MS = 3_000;

export class LiveStore {
  private readonly journal = new Journal();
  private readonly marks = new Map<string, number>();
  private countedTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly client: QueryClient) {
    this.followFetches();
  }

  take(event: LiveEvent): void {
    this.journal.add(event);
    for (const query of this.client.getQueryCache().getAll()) this.applyTo(query.queryKey, event);
    this.refreshCounted();
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
      if (change.action.type === "fetch") this.marks.set(queryHash, this.journal.mark());
      if (change.action.type !== "success" || change.action.manual) return;
      const mark = this.marks.get(queryHash) ?? this.journal.mark();
      for (const event of this.journal.since(mark)) this.applyTo(queryKey, event);
    });
  }

  private applyTo(key: readonly unknown[], event: LiveEvent): void {
    const data = this.client.getQueryData(key);
    if (data === undefined) return;
    const after = applyEvent(key, data, event);
    if (after !== data) this.client.setQueryData(key, after);
  }

  private refreshCounted(): void {
    this.countedTimer ??= setTimeout(() => {
      this.countedTimer = null;
      for (const queryKey of [keys.summary(), keys.attendance()]) void this.client.invalidateQueries({ queryKey });
    }, COUNTED_EVERY_MS);
  }
}
