// The rest of what the page shows of a site: nodes, notices, today's counts.
import { ask } from "./client";
import type { NodeStatus, Notice, Summary } from "./types";

export const fetchNodes = async (signal?: AbortSignal): Promise<NodeStatus[]> =>
  (await ask<{ items: NodeStatus[] }>("GET", "/api/nodes", undefined, signal)).items;

export const fetchNotices = async (signal?: AbortSignal): Promise<Notice[]> =>
  (await ask<{ items: Notice[] }>("GET", "/api/notices", undefined, signal)).items;

export const fetchSummary = (signal?: AbortSignal): Promise<Summary> =>
  ask("GET", "/api/summary", undefined, signal);
