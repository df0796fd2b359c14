import { afterEach, expect, test, vi } from "vitest";
import { backoff } from "./backoff";
import { LiveConnection, type Listener } from "./connection";
import type { LiveEvent } from "./events";

afterEach(() => vi.unstubAllGlobals());

const notice = (id: number): string => `id: ${id}\nevent: notice\ndata: {"id":"${id}"}\n\n`;
const answer = (text: string): Response => new Response(text, { status: 200 });

/** Answers one request after the other; after the last the session is over, which ends the run. */
function serve(...answers: (() => Response)[]) {
  const asked: (string | null)[] = [];
  vi.stubGlobal("fetch", (_url: string, init: { headers: Record<string, string> }) => {
    asked.push(init.headers["Last-Event-ID"] ?? null);
    const next = answers.shift();
    return next === undefined ? Promise.resolve(new Response("", { status: 401 })) : new Promise((done) => done(next()));
  });
  return asked;
}

function listen() {
  const said: string[] = [];
  const listener: Listener = {
    opened: (resumed) => said.push(resumed ? "resumed" : "opened"),
    received: (events: readonly LiveEvent[]) => said.push(...events.map((event) => event.value.id)),
    reset: () => said.push("reset"),
    lost: () => said.push("lost"),
    refused: () => said.push("refused"),
  };
  const connection = new LiveConnection(listener, "http://gateway/api/live");
  return { said, connection };
}

async function run(connection: LiveConnection): Promise<void> {
  const hurry = setInterval(() => connection.hurry(), 1);
  await connection.run();
  clearInterval(hurry);
}

test("a line that breaks is resumed after the last event, and what is said twice counts once", async () => {
  const asked = serve(
    () => answer(notice(1) + notice(2)),
    () => {
      throw new TypeError("connection refused");
    },
    () => answer(notice(2) + notice(3)),
  );
  const { said, connection } = listen();
  await run(connection);
  expect(said).toEqual(["opened", "1", "2", "lost", "lost", "resumed", "3", "lost", "refused"]);
  expect(asked).toEqual([null, "2", "2", "3"]);
});

test("half an event at the end of a broken line is not taken, and comes whole afterwards", async () => {
  const asked = serve(
    () => answer(notice(1) + notice(2).slice(0, 20)),
    () => answer(notice(2)),
  );
  const { said, connection } = listen();
  await run(connection);
  expect(said.filter((word) => /\d/.test(word))).toEqual(["1", "2"]);
  expect(asked).toEqual([null, "1", "2"]);
});

test("a reset makes the page start from where the gateway now is, even when that is earlier", async () => {
  serve(
    () => answer(notice(50)),
    () => answer(`id: 3\nevent: reset\ndata: {}\n\n${notice(4)}`),
  );
  const { said, connection } = listen();
  await run(connection);
  expect(said).toEqual(["opened", "50", "lost", "resumed", "reset", "4", "lost", "refused"]);
});

test("an event of a kind that this page does not know is passed over", async () => {
  serve(() => answer(`id: 1\nevent: weather\ndata: {}\n\n${notice(2)}`));
  const { said, connection } = listen();
  await run(connection);
  expect(said).toEqual(["opened", "2", "lost", "refused"]);
});

test("the wait grows to a few seconds, never in step and never without bound", () => {
  expect(backoff(0, 0)).toBeLessThan(backoff(3, 0));
  for (const attempt of [0, 5, 50]) {
    expect(backoff(attempt, 0)).toBeGreaterThan(0);
    expect(backoff(attempt, 0.999)).toBeLessThanOrEqual(5_000);
    expect(backoff(attempt, 0.1)).not.toBe(backoff(attempt, 0.9));
  }
});

test("what cannot be read takes nothing with it that came before or after, and has the page ask for everything", async () => {
  const asked = serve(() => answer(`${notice(1)}${notice(2)}id: 3\nevent: notice\ndata: {"id":\n\n${notice(4)}`), () => answer(notice(5)));
  const { said, connection } = listen();
  await run(connection);
  expect(said).toEqual(["opened", "1", "2", "4", "reset", "lost", "resumed", "5", "lost", "refused"]);
  expect(asked).toEqual([null, "4", "5"]);
});
