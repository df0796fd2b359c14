// A node's configuration: as the node tells it, looked at, pushed, taken back.
import { ask } from "./client";

export type PushState = "waiting" | "fetched" | "trying" | "applied" | "rolled_back" | "refused" | "withdrawn";
export interface Span {
  days?: string[];
  start?: string;
  end?: string;
}
export type FieldValue = number | string | number[][] | Span[];
export type Path = (string | number)[];

/** A key that is changed every now and then; `of`: which table or device. null: the usual holds. */
export interface ConfigurationField {
  path: Path;
  of: string;
  kind: "number" | "choice" | "line" | "spans";
  least: number;
  most: number;
  choices: string[];
  value: FieldValue | null;
}

export interface ConfigurationPush {
  id: string;
  state: PushState;
  who: string;
  why: string;
  diff: string[];
  detail: string;
  asked_at: string;
  ended_at: string | null;
  confirm_s: number;
  /** The configuration to go back to; null: none any more. */
  undo: string | null;
}

export interface Configuration {
  node: string;
  mark: string;
  origin: "file" | "pushed";
  version: string;
  reported_at: string;
  text: string;
  fields: ConfigurationField[];
  pushes: ConfigurationPush[];
}

export interface Problem {
  line: number;
  key: string;
  message: string;
}

export interface Look {
  text: string;
  fields: ConfigurationField[];
  diff: string[];
  problems: Problem[];
  /** The node itself judged it, or, as it does not answer, only the gateway. */
  by: "node" | "gateway";
}

export interface Draft {
  base: string;
  text: string;
  changes: { path: Path; value: FieldValue }[];
}

export interface Order {
  base: string;
  why: string;
  text?: string;
  restore?: string;
}

const place = (node: string): string => `/api/nodes/${encodeURIComponent(node)}/configuration`;

export const fetchConfiguration = (node: string, signal?: AbortSignal): Promise<Configuration> =>
  ask("GET", place(node), undefined, signal);

export const lookAt = (node: string, draft: Draft): Promise<Look> => ask("POST", `${place(node)}/look`, draft);

export const pushConfiguration = (node: string, order: Order): Promise<Configuration> =>
  ask("POST", `${place(node)}/pushes`, order);

export const withdrawPush = (node: string, push: string): Promise<Configuration> =>
  ask("POST", `${place(node)}/pushes/${push}/withdrawal`);
