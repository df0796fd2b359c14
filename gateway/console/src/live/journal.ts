// The last live events, so that an answer that was under way while they came can be brought up to date.
import type { LiveEvent } from "./events";

const KEPT = 2000;

export class Journal {
  private events: { number: number; event: LiveEvent }[] = [];
  private last = 0;

  add(event: LiveEvent): void {
    this.last += 1;
    this.events.push({ number: this.last, event });
    if (this.events.length > KEPT) this.events = this.events.slice(-KEPT / 2);
  }

  /** Where the journal stands now; hand it to `since` later. */
  mark(): number {
    return this.last;
  }

  since(mark: number): LiveEvent[] {
    return this.events.filter((entry) => entry.number > mark).map((entry) => entry.event);
  }
}

