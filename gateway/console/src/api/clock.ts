// The gateway's clock as seen from here: ages must not depend on how well this computer's clock is set.

/** Milliseconds to add to the local clock: somewhere between the two. */
export interface Bounds {
  least: number;
  most: number;
}

/**
 * What one answer's `Date` header tells. It counts whole seconds, and was written between sending and receiving.
 *
 * Null when it cannot be read.
 */
export function boundsOf(dateHeader: string | null, sentAt: number, receivedAt: number): Bounds | null {
  const stated = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  return Number.isNaN(stated) ? null : { least: stated - receivedAt, most: stated + 1_000 - sentAt };
}

/** Both together; the newer alone where they exclude each other, since a clock was set meanwhile. */
export function narrow(known: Bounds | null, newer: Bounds): Bounds {
  if (known === null || newer.least > known.most || newer.most < known.least) return newer;
  return { least: Math.max(known.least, newer.least), most: Math.min(known.most, newer.most) };
}

/** Comes closer to the gateway's clock with every answer. */
export class ServerClock {
  private bounds: Bounds | null = null;

  observe(dateHeader: string | null, sentAt: number, receivedAt: number): void {
    const newer = boundsOf(dateHeader, sentAt, receivedAt);
    if (newer !== null) this.bounds = narrow(this.bounds, newer);
  }

  now(): number {
    return Date.now() + (this.bounds === null ? 0 : (this.bounds.least + this.bounds.most) / 2);
  }
}

export const serverClock = new ServerClock();
