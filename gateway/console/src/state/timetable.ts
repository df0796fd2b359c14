// Groups and schedules as they are kept here, what changes them, and words for what is refused.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { Refused } from "../api/errors";
import { WEEKDAYS } from "../api/people";
import { fetchTimetable, type Timetable } from "../api/timetable";
import { errorText } from "../i18n/codes";
import { keys } from "../live/keys";

export const useTimetable = () =>
  useQuery({ queryKey: keys.timetable(), queryFn: ({ signal }) => fetchTimetable(signal), gcTime: 60_000 });

/** A change; the answer is everything as it is then. */
export function useArranging<T>(change: (wanted: T) => Promise<Timetable>, done: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (timetable) => {
      client.setQueryData(keys.timetable(), timetable);
      done();
      const touched = [keys.year(), keys.everybody(), keys.attendance()];
      await Promise.all(touched.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

export const isStale = (error: unknown): boolean => error instanceof Refused && error.status === 412;

/** Who stands in the way, or what is wrong, where the gateway says so. */
export function timetableError(t: TFunction, error: unknown): string {
  if (!(error instanceof Refused)) return errorText(t, error);
  const { code, more } = error;
  if (code === "stale") return t("timetable_error.stale");
  if (code === "in_use") return t("timetable_error.in_use", { by: inTheWay(t, more) });
  if (code === "name_taken" || code === "no_such_group" || code === "no_such_schedule") {
    return t(`timetable_error.${code}`, { name: more.name ?? "" });
  }
  if (code !== "spans_overlap") return errorText(t, error);
  const day = WEEKDAYS.find((each) => each === more.day) ?? "mon";
  const { first = "", second = "" } = more;
  return t("timetable_error.spans_overlap", { day: t(`collect.day_${day}`), first, second });
}

function inTheWay(t: TFunction, more: Refused["more"]): string {
  const kinds = ["people", "groups", "teachers", "lanes", "settings"] as const;
  const named = kinds.flatMap((kind) => (more[kind] === undefined ? [] : [t(`timetable_error.by_${kind}`, { what: more[kind] })]));
  return named.join(t("timetable_error.between"));
}
