// How grave an alert is, by shape: octagon, triangle, diamond, circle; on a grid of 32.
import type { Severity } from "../api/types";

export const SHAPES: Record<Severity, string> = {
  critical: "M9.4 2h13.2L30 9.4v13.2L22.6 30H9.4L2 22.6V9.4Z",
  major: "M16 2.5 31 29H1Z",
  minor: "M16 1.5 30.5 16 16 30.5 1.5 16Z",
  info: "M16 2a14 14 0 1 1 0 28 14 14 0 0 1 0-28Z",
};

export const SIGNS: Record<Severity, string> = {
  critical: "M16 8.5v9.5 M16 23.2v.1",
  major: "M16 12v8 M16 24.7v.1",
  minor: "M16 10v7.5 M16 22v.1",
  info: "M16 9.8v.1 M16 14.5v8",
};
