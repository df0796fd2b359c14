// The rest of what the page shows of a site: nodes, lanes, notices, today's counts.
import { ask, withQuery } from "./client";
import type { Checks, Lane, NodeStatus, Notice, Page, Summary } from "./types";

export const fetchNodes = async (signal?: AbortSignal): Promise<NodeStatus[]> =>
  (await ask<{ items: NodeStatus[] }>("GET", "/api/nodes", undefined, signal)).items;

export const fetchChecks = (signal?: AbortSignal): Promise<Checks> => ask("GET", "/api/health", undefined, signal);

export const fetchLanes = async (signal?: AbortSignal): Promise<Lane[]> =>
  (await ask<{ items: Lane[] }>("GET", "/api/lanes", undefined, signal)).items;

export const fetchNotices = (before: string | null, signal?: AbortSignal): Promise<Page<Notice>> =>
  ask("GET", withQuery("/api/notices", { before, limit: 50 }), undefined, signal);

export const fetchSummary = (signal?: AbortSignal): Promise<Summary> =>
  ask("GET", "/api/summary", undefined, signal);
