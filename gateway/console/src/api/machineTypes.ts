// What a node tells of its machine.

/** How a node's machine was when it was last heard; null, or empty: it cannot be known there. */
export interface Machine {
  /** When the program's present run began. */
  since: string;
  system: string;
  clock: "" | "trusted" | "stepped" | "unsynced";
  disk_free_mb: number | null;
  disk_total_mb: number | null;
  memory_free_mb: number | null;
  memory_total_mb: number | null;
  /** Of all its processors; 1: none is idle. */
  load: number | null;
  temperature_c: number | null;
  runtime: string;
  networks: { name: string; digest: string }[];
}
