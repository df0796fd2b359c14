// What a piece of evidence can show.
import type { Evidence } from "../api/types";

/** What tells of somebody without looking: it leaves no picture. */
const BLIND = new Set(["card", "manual", "contact"]);

export const isBlind = (kind: string): boolean => BLIND.has(kind);

/** Whether a picture could have been taken at all. */
export const hasEyes = (evidence: readonly Pick<Evidence, "kind">[]): boolean =>
  evidence.length === 0 || evidence.some((piece) => !isBlind(piece.kind));
