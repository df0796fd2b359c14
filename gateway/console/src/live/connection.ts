// The line to /api/live: opens it, notices when it is dead, opens it again where it stopped.
import { untouched } from "../api/touch";
import { backoff } from "./backoff";
import { type LiveEvent, readLiveEvent } from "./events";
import { EventParser, type ServerEvent } from "./sse";

export interface Listener {
  /** `resumed`: nothing was missed; otherwise what is shown must be fetched again. */
  opened(resumed: boolean): void;
  /** What came together, in its order. */
  received(events: readonly LiveEvent[]): void;
  /** The gateway no longer has what came after our last event, or what it said cannot be read. */
  reset(): void;
  lost(): void;
  /** The session is over; no further attempt is made. */
  refused(): void;
}

/** The gateway says something at least every 10 s. */
const SILENCE_MS = 25_000;

export class LiveConnection {
  private lastId: number | null = null;
  private attempt = 0;
  private readonly stopped = new AbortController();
  private wake: () => void = () => undefined;

  constructor(
    private readonly listener: Listener,
    private readonly url = "/api/live",
  ) {}

  /** Runs until `stop`; never throws. */
  async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      if ((await this.listen()) === "refused") return this.listener.refused();
      if (this.stopped.signal.aborted) return;
      this.listener.lost();
      await this.pause(backoff(this.attempt, Math.random()));
      this.attempt += 1;
    }
  }

  stop(): void {
    this.stopped.abort();
    this.wake();
  }

  /** Try now: the browser says that the network is back, or somebody asked for it. */
  hurry(): void {
    this.attempt = 0;
    this.wake();
  }

  private async listen(): Promise<"ended" | "refused"> {
    const silence = new AbortController();
    const signal = AbortSignal.any([this.stopped.signal, silence.signal]);
    let timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const response = await fetch(this.url, { headers: this.headers(), signal, cache: "no-store" });
      if (response.status === 401) return "refused";
      if (!response.ok || response.body === null) return "ended";
      this.attempt = 0;
      this.listener.opened(this.lastId !== null);
      const parser = new EventParser();
      for await (const piece of pieces(response.body)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        this.take(parser.feed(piece));
      }
    } catch {
      // Refused connection, broken line, silence: all mean the same, try again later.
    } finally {
      clearTimeout(timer);
    }
    return "ended";
  }

  private headers(): Record<string, string> {
    const headers: Record<string, string> = { Accept: "text/event-stream", ...untouched() };
    if (this.lastId !== null) headers["Last-Event-ID"] = String(this.lastId);
    return headers;
  }

  private take(said: Iterable<ServerEvent>): void {
    let together: LiveEvent[] = [];
    let unread = false;
    for (const event of said) {
      const id = event.id === null ? null : Number(event.id);
      if (event.event === "reset") {
        this.lastId = id;
        this.listener.reset();
        together = [];
        continue;
      }
      if (id !== null && this.lastId !== null && id <= this.lastId) continue;
      if (id !== null) this.lastId = id;
      try {
        const live = readLiveEvent(event);
        if (live !== null) together.push(live);
      } catch {
        // It would not be said again: what it was about is fetched with everything else.
        unread = true;
      }
    }
    if (together.length > 0) this.listener.received(together);
    if (unread) this.listener.reset();
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
