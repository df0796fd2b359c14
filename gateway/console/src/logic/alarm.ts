// What an alert sounds like: tones and how often they come again.
import type { Severity } from "../api/types";

export interface Tone {
  hertz: number;
  /** Seconds from the pattern's start, and length. */
  start: number;
  length: number;
}

export interface Pattern {
  tones: readonly Tone[];
  repeat_ms: number;
}

const tone = (hertz: number, start: number, length: number): Tone => ({ hertz, start, length });

/** The graver, the higher, longer and more often; `info` is silent. */
export const PATTERNS: Record<Severity, Pattern | null> = {
  critical: {
    tones: [tone(988, 0, 0.16), tone(740, 0.2, 0.16), tone(988, 0.4, 0.16), tone(740, 0.6, 0.16)],
    repeat_ms: 1_600,
  },
  major: { tones: [tone(784, 0, 0.18), tone(587, 0.24, 0.22)], repeat_ms: 2_600 },
  minor: { tones: [tone(587, 0, 0.2)], repeat_ms: 5_000 },
  info: null,
};
