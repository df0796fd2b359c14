// Alerts, passages and nodes for tests; a test names only what it is about.
import type { Alert, NodeStatus, Passage } from "../api/types";

export const makeAlert = (over: Partial<Alert> = {}): Alert => ({
  id: "1",
  key: "unknown_person/east",
  kind: "unknown_person",
  severity: "major",
  state: "raised",
  raised_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  count: 1,
  node: "node-1",
  camera: "east",
  lane: null,
  person: null,
  candidate: false,
  plate: null,
  detail: "",
  evidence: [],
  passage_id: null,
  transitions: [],
  allowed: ["acknowledged", "dispatched", "resolved", "false_alarm"],
  ...over,
});

export const makePassage = (over: Partial<Passage> = {}): Passage => ({
  id: "1",
  time: "2026-01-01T00:00:00.000Z",
  node: "node-1",
  camera: "east",
  lane: null,
  kind: "face",
  direction: "in",
  movement: null,
  person: null,
  candidate: false,
  plate: null,
  plate_colour: null,
  plate_kind: null,
  score: null,
  margin: null,
  reason: "seen",
  evidence: [],
  synthetic: false,
  alert_ids: [],
  ...over,
});

export const makeNode = (over: Partial<NodeStatus> = {}): NodeStatus => ({
  id: "node-1",
  state: "online",
  last_seen: "2026-01-01T00:00:00.000Z",
  outbox: 0,
  cameras: [],
  roster_version: 1,
  store_holes: 0,
  ...over,
});
