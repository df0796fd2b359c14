// The gateway's JSON, as the page receives it. Times are RFC 3339 in UTC.

import type { Machine } from "./machineTypes";

export type * from "./laneTypes";
export type * from "./machineTypes";

export type Severity = "critical" | "major" | "minor" | "info";
export type AlertState = "raised" | "acknowledged" | "dispatched" | "resolved" | "false_alarm";
export type Direction = "in" | "out" | "none";
export type NodeState = "online" | "offline" | "blind";

export interface Site {
  id: string;
  name: string;
  /** IANA name, such as Asia/Shanghai. */
  timezone: string;
  /** A node that says nothing for so many seconds is offline. */
  silent_s: number;
  /** What people call cameras, by id or by node/id. */
  cameras: Record<string, string>;
  /** What people call lanes. */
  lanes: Record<string, string>;
}

export interface Session {
  user: string;
  role: string;
  csrf: string;
  site: Site;
  /** A second factor is to be set up first; until then nothing else is open. */
  unfinished?: boolean;
}

export interface Person {
  id: string;
  /** Empty once the person has left. */
  name: string;
  group: string;
  picture: string | null;
}

export interface Evidence {
  kind: string;
  camera: string;
  at: string;
  picture: string | null;
  /** x, y, width, height in pixels of the frame that was read. */
  box: [number, number, number, number] | null;
  score: number | null;
  margin: number | null;
  /** live or not_live; null: nobody looked, which is neither. */
  liveness?: string | null;
  /** The picture was drawn, not taken. */
  synthetic: boolean;
}

export interface Passage {
  id: string;
  time: string;
  node: string;
  camera: string;
  lane: string | null;
  kind: string;
  /** As the camera sees it; `movement` is what it means at this lane. */
  direction: Direction;
  movement: "arrival" | "departure" | null;
  person: Person | null;
  /** The person is on a watch list: a lead that somebody judges, never a fact. */
  candidate: boolean;
  plate: string | null;
  plate_colour: string | null;
  plate_kind: string | null;
  /** person, car, bicycle, motorcycle, bus or truck, where one was seen whole. */
  body: string | null;
  score: number | null;
  margin: number | null;
  /** Code of why it was judged so. */
  reason: string;
  evidence: Evidence[];
  synthetic: boolean;
  alert_ids: string[];
}

export type SentRole = "guard" | "police" | "grid_worker";

/** Who is sent to see. */
export interface Assignee {
  role: SentRole;
  name: string;
}

export interface Transition {
  from: AlertState;
  to: AlertState;
  who: string;
  when: string;
  note: string;
  assignee: Assignee | null;
  /** Address of what was photographed there. */
  picture: string | null;
}

/** Who was told that nobody acknowledges; held: not woken yet, in their quiet hours. */
export interface Escalation {
  step: number;
  to: string;
  state: "held" | "queued" | "sent" | "failed" | "expired" | "told";
  at: string;
}

export type Finding = "confirmed" | "rejected";

/** What an officer found a case to be; nobody has judged what came after the first `count` times. */
export interface Verdict {
  finding: Finding;
  who: string;
  at: string;
  reason: string;
  count: number;
}

/** One of the times that a case was raised. */
export interface AlertRepeat {
  at: string;
  person: Person | null;
  plate: string | null;
  plate_colour: string | null;
  detail: string;
  evidence: Evidence[];
  passage_id: string | null;
}

export interface Alert {
  id: string;
  key: string;
  kind: string;
  severity: Severity;
  state: AlertState;
  raised_at: string;
  updated_at: string;
  count: number;
  node: string;
  camera: string | null;
  lane: string | null;
  person: Person | null;
  /** A watch-list hit that a person confirms or rejects; never a fact. */
  candidate: boolean;
  plate: string | null;
  plate_colour: string | null;
  /** A code and further words of the node; may be empty. */
  detail: string;
  evidence: Evidence[];
  passage_id: string | null;
  transitions: Transition[];
  allowed: AlertState[];
  /** When the latest of its repeats happened. */
  last_at: string;
  /** Since when, by the gateway's clock, nobody acknowledges; null: it does not wait. */
  waiting_since: string | null;
  escalations: Escalation[];
  /** Not told by an older gateway. */
  verdict?: Verdict | null;
}

export interface CameraStatus {
  id: string;
  /** starting: no picture is expected yet. */
  state: NodeState | "starting";
  last_frame_age_s: number | null;
}

/** A reader, input, barrier or siren. `ok` with a cause still works, but somebody must see to it. */
export interface DeviceStatus {
  id: string;
  kind: "reader" | "input" | "barrier" | "siren";
  lane: string;
  driver: string;
  state: "ok" | "down" | "starting" | "offline";
  cause: string;
  detail: string;
  /** Seconds since it said something; null: nothing yet. */
  last_s: number | null;
  reads: number;
  errors: number;
}

export interface NodeStatus {
  id: string;
  state: NodeState;
  last_seen: string | null;
  outbox: number;
  cameras: CameraStatus[];
  /** Not told by an older gateway. */
  devices?: DeviceStatus[];
  roster_version: number;
  store_holes: number;
  /** Seconds; null: too little was heard of it. Not told by an older gateway. */
  clock_ahead_s?: number | null;
  /** Of its program; empty: it was not heard yet. These three are not told by an older gateway. */
  version?: string;
  pictures?: number;
  /** Null: an older node does not tell. */
  machine?: Machine | null;
}

/** One thing that the gateway looked at in itself. */
export interface Check {
  /** With a name after a space where there are several: `node gate-1`. */
  name: string;
  verdict: "ok" | "warn" | "fail";
  /** The same in English, for what a newer gateway finds. */
  text: string;
  advice: string;
  code: string;
  values: Record<string, number | string>;
}

export interface Checks {
  status: Check["verdict"];
  items: Check[];
}

/** Of the list of people, as far as the page needs it. */
export interface PersonEntry extends Person {
  /** Of a watch list: looked for, not let in. */
  watch: boolean;
}

export interface Notice {
  id: string;
  to: string;
  channel: string;
  title: string;
  body: string;
  state: string;
  passage_id: string | null;
  created_at: string;
  sent_at: string | null;
  error: string | null;
}

export interface Summary {
  today: { arrivals: number; departures: number; unknown: number; plates: number; alerts_open: number };
}

export interface Page<T> {
  items: T[];
  next: string | null;
}
