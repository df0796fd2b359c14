// The gateway's clock as seen from here: ages must not depend on how well this computer's clock is set.

/** Half of the header's resolution of one second. */
const HALF_SECOND = 500;

/** Milliseconds to add to the local clock, from one answer's `Date` header; null when it cannot be read. */
export function offsetOf(dateHeader: string | null, sentAt: number, receivedAt: number): number | null {
  const stated = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  return Number.isNaN(stated) ? null : stated + HALF_SECOND - (sentAt + receivedAt) / 2;
}

/** Follows the offset; small changes are the header's coarseness and ignored. */
export class ServerClock {
  private offset = 0;
  private known = false;

  observe(dateHeader: string | null, sentAt: number, receivedAt: number): void {
    const offset = offsetOf(dateHeader, sentAt, receivedAt);
    if (offset === null) return;
    if (!this.known || Math.abs(offset - this.offset) > 2 * HALF_SECOND) this.offset = offset;
    this.known = true;
  }

  now(): number {
    return Date.now() + this.offset;
  }
}

export const serverClock = new ServerClock();
