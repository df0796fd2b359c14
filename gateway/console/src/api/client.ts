// One way to ask the gateway: JSON in and out, session cookie, CSRF header, typed errors.
import { serverClock } from "./clock";
import { Refused, Unreachable } from "./errors";
import { untouched } from "./touch";

interface ErrorBody {
  error?: { code?: string; message?: string };
}

let csrf = "";

/**
 * The last answer to each question with its tag, so that what did not change is not sent again. In memory alone, and
 * only until somebody leaves: no browser keeps what it shows.
 */
const answers = new Map<string, { tag: string; body: unknown }>();
const MOST_ANSWERS = 40;

/** What was answered to somebody is not for whoever comes next. */
export function forgetAnswers(): void {
  answers.clear();
}

/** The tag of the last answer to a question, by which a change of it says what was seen. */
export const tagOf = (path: string): string | null => answers.get(path)?.tag ?? null;

function remember(path: string, tag: string | null, body: unknown): void {
  answers.delete(path);
  if (tag !== null) answers.set(path, { tag, body });
  for (const oldest of answers.keys()) {
    if (answers.size <= MOST_ANSWERS) return;
    answers.delete(oldest);
  }
}

/** Sent with every request that changes something; a session's answer brings it. */
export function setCsrf(token: string): void {
  csrf = token;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

/** A line that swallows everything counts as silent after so long: nobody is to look at "loading" for good. */
const PATIENCE_MS: Record<Method, number> = { GET: 30_000, POST: 60_000, PUT: 60_000, DELETE: 60_000 };

/**
 * The answer's JSON.
 *
 * `seen`: the tag of what is changed, so that nobody's work is overwritten unseen. Throws `Refused` on an error status,
 * `Unreachable` when there is no answer.
 */
export async function ask<T>(method: Method, path: string, body?: unknown, signal?: AbortSignal, seen?: string): Promise<T> {
  return within(PATIENCE_MS[method], signal, (until) => askPatiently<T>(method, path, body, until, seen));
}

async function within<T>(most: number, signal: AbortSignal | undefined, work: (until: AbortSignal) => Promise<T>): Promise<T> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), most);
  try {
    return await work(signal ? AbortSignal.any([signal, silence.signal]) : silence.signal);
  } catch (cause) {
    throw silence.signal.aborted ? new Unreachable(cause) : cause;
  } finally {
    clearTimeout(timer);
  }
}

async function askPatiently<T>(method: Method, path: string, body: unknown, signal: AbortSignal, seen?: string): Promise<T> {
  const sentAt = Date.now();
  const response = await send(method, path, body, signal, seen);
  serverClock.observe(response.headers.get("date"), sentAt, Date.now());
  const known = answers.get(path);
  if (response.status === 304 && known !== undefined) return known.body as T;
  if (!response.ok) throw await refusal(response);
  const answer: unknown = response.status === 204 ? undefined : await response.json();
  if (method === "GET") remember(path, response.headers.get("etag"), answer);
  return answer as T;
}

/** Bring bytes as they are; throws as `ask`. */
export async function put(path: string, data: Blob): Promise<void> {
  const init = { method: "PUT", headers: { "X-CSRF-Token": csrf }, credentials: "same-origin", body: data } as const;
  const response = await fetch(path, init).catch((cause: unknown) => {
    throw new Unreachable(cause);
  });
  if (!response.ok) throw await refusal(response);
}

/** Hand over a file as it is, and the answer's JSON; throws as `ask`. */
export async function bring<T>(path: string, data: Blob, method: "POST" | "PUT" = "POST"): Promise<T> {
  const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/octet-stream" };
  const response = await fetch(path, { method, headers, credentials: "same-origin", body: data }).catch(
    (cause: unknown) => {
      throw new Unreachable(cause);
    },
  );
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

async function send(method: Method, path: string, body: unknown, signal: AbortSignal, seen?: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", ...untouched() };
  const known = answers.get(path);
  if (method !== "GET") headers["X-CSRF-Token"] = csrf;
  else if (known !== undefined) headers["If-None-Match"] = known.tag;
  if (seen !== undefined) headers["If-Match"] = seen;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Unreachable(cause);
  }
}

async function refusal(response: Response): Promise<Refused> {
  // A proxy in between may answer with a page instead of JSON: the status then speaks alone.
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const code = body.error?.code ?? `http_${response.status}`;
  const told = Object.entries(body).filter((member): member is [string, string] => typeof member[1] === "string");
  return new Refused(response.status, code, body.error?.message ?? response.statusText, Object.fromEntries(told));
}

/** `path?a=1&b=2` without the empty ones. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? path : `${path}?${text}`;
}
