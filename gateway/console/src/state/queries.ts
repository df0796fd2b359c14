// What the pages ask for, each question once.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { fetchAlert, fetchAlerts, fetchOpenAlerts, fetchRepeats, type StateFilter } from "../api/alerts";
import { fetchSiteOrder } from "../api/orders";
import { type Around, fetchAround, fetchPassages, NO_FILTER, type PassageFilter } from "../api/passages";
import { fetchChecks, fetchLanes, fetchNodes, fetchNotices, fetchSummary } from "../api/site";
import type { Page } from "../api/types";
import { keys } from "../live/keys";
import { workOf } from "../logic/roles";
import { useRole } from "./session";

/** Ages of last frames are only in the answer, so it is asked for often: offline must show within 15 s. */
const SITE_ORDER_EVERY_MS = 5_000;
const SUMMARY_EVERY_MS = 60_000;
const CHECKS_EVERY_MS = 5_000;

const FIRST = null as string | null;
const nextOf = <T>(page: Page<T>): string | null => page.next;

/** Asked only for roles that work with alerts: no one else is given any. */
export const useOpenAlerts = () => {
  const enabled = workOf(useRole()).includes("alerts");
  return useQuery({ queryKey: keys.openAlerts(), queryFn: ({ signal }) => fetchOpenAlerts(signal), enabled });
};

export const useStream = () =>
  useQuery({
    queryKey: keys.stream(),
    queryFn: async ({ signal }) => (await fetchPassages(NO_FILTER, null, signal)).items,
  });

/** Asked again by the live line: an interval of its own would begin anew with every event. */
export const useNodes = () => useQuery({ queryKey: keys.nodes(), queryFn: ({ signal }) => fetchNodes(signal) });

export const useChecks = () =>
  useQuery({
    queryKey: keys.checks(),
    queryFn: ({ signal }) => fetchChecks(signal),
    refetchInterval: CHECKS_EVERY_MS,
    gcTime: 0,
  });

export const useLanes = () => useQuery({ queryKey: keys.lanes(), queryFn: ({ signal }) => fetchLanes(signal) });

/** No event tells of it, and it must not be missed. */
export const useSiteOrder = () =>
  useQuery({
    queryKey: keys.siteOrder(),
    queryFn: ({ signal }) => fetchSiteOrder(signal),
    refetchInterval: SITE_ORDER_EVERY_MS,
  });

export const useNotices = () =>
  useInfiniteQuery({
    queryKey: keys.notices(),
    queryFn: ({ pageParam, signal }) => fetchNotices(pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: nextOf,
    gcTime: 0,
  });

/** What passed at a node around a moment. */
export const useAround = (around: Around) =>
  useQuery({ queryKey: keys.around(around), queryFn: ({ signal }) => fetchAround(around, signal), gcTime: 30_000 });

export const useSummary = () =>
  useQuery({
    queryKey: keys.summary(),
    queryFn: ({ signal }) => fetchSummary(signal),
    refetchInterval: SUMMARY_EVERY_MS,
  });

export const useAlert = (id: string) =>
  useQuery({ queryKey: keys.alert(id), queryFn: ({ signal }) => fetchAlert(id, signal) });

/** What each of the latest times rested on that a case was raised; the last first. */
export const useRepeats = (id: string, count: number) =>
  useQuery({
    queryKey: keys.repeats(id, count),
    queryFn: ({ signal }) => fetchRepeats(id, signal),
    enabled: count > 1,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });

export const useAlertList = (state: StateFilter) =>
  useInfiniteQuery({
    queryKey: keys.alerts(state),
    queryFn: ({ pageParam, signal }) => fetchAlerts(state, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: nextOf,
    gcTime: 0,
  });

export const usePassageSearch = (filter: PassageFilter) =>
  useInfiniteQuery({
    queryKey: keys.passages(filter),
    queryFn: ({ pageParam, signal }) => fetchPassages(filter, pageParam, signal),
    initialPageParam: FIRST,
    getNextPageParam: nextOf,
    gcTime: 0,
  });
