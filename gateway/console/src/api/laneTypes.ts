// Lanes, what they answer, and what is ordered at them, as the gateway tells it.
import type { Evidence, Person } from "./types";

/** What a lane answered last. */
export interface LaneDecision {
  transaction: string;
  time: string;
  verdict: "open" | "refuse";
  reason: string;
  /** Whose card, named face or plate it was; with a card of somebody else its owner. */
  person: Person | null;
  candidate: boolean;
  plate: string | null;
  plate_colour: string | null;
  /** A person ordered it, or a fire. */
  by_hand: boolean;
  evidence: Evidence[];
}

/** What became of the last order to a lane's barrier. */
export interface Actuated {
  transaction: string;
  time: string;
  action: "pulse" | "hold" | "close";
  result: "done" | "failed" | "unknown";
  detail: string;
}

export interface Lane {
  id: string;
  node: string;
  lane: string;
  standing: "normal" | "locked" | "held_open" | "released";
  /** When that ends by itself; null: at the next word, or nobody knows. */
  until: string | null;
  /** Who ordered it, and why; empty where nobody knows. */
  by: string;
  why: string;
  decision: LaneDecision | null;
  actuated: Actuated | null;
  /** The local day that is counted. */
  day: string;
  cards: number;
  opened: number;
  refused: number;
}

/** What became of an order at one lane; `lane` is null where the node never said which it has. */
export interface LaneAnswer {
  node: string;
  lane: string | null;
  result: "done" | "failed" | "expired" | "refused" | "unsupported" | "no_answer" | "offline";
  /** The node's own words. */
  detail: string;
  /** When what was ordered ends by itself; null: it does not stay. */
  until: string | null;
}

export interface LaneAnswers {
  /** Every lane's node says so. */
  done: boolean;
  items: LaneAnswer[];
}

/** What the whole site was ordered to be. */
export interface KeptOrder {
  state: "held_open" | "locked" | "normal";
  who: string;
  why: string;
  at: string;
  until: string;
  /** Lanes that have not heard of it; `lane` is null where a node never said which it has. */
  waiting: { node: string; lane: string | null }[];
}
