// The site as it was drawn, for every page that shows it or leads to it.
import { useQuery } from "@tanstack/react-query";
import { fetchPlan } from "../api/sitePlan";
import { keys } from "../live/keys";
import { workOf } from "../logic/roles";
import { useRole } from "./session";

/** Another drawer's version is seen by then, where nobody says so. */
const PLAN_EVERY_MS = 60_000;

/** Asked only for roles that work with it: no one else is given any. */
export function usePlan() {
  const enabled = workOf(useRole()).includes("map");
  return useQuery({ queryKey: keys.sitePlan(), queryFn: ({ signal }) => fetchPlan(signal), refetchInterval: PLAN_EVERY_MS, enabled });
}
