// Moves those who are chosen into another group: all of them, or nobody.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Listed } from "../../api/people";
import { movePeople } from "../../api/timetable";
import { Problem } from "../../components/Problem";
import { keys } from "../../live/keys";
import { isMovable } from "../../logic/people";
import { isStale, timetableError, useTimetable } from "../../state/timetable";
import { GroupField } from "./GroupField";

interface Props {
  everybody: readonly Listed[];
  /** Who is shown. */
  found: readonly Listed[];
  chosen: ReadonlySet<string>;
  onChosen(chosen: ReadonlySet<string>): void;
}

export function MoveBar({ everybody, found, chosen, onChosen }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const groups = (useTimetable().data?.groups ?? []).map((group) => group.id);
  const [to, setTo] = useState("");
  const people = everybody.filter((person) => chosen.has(person.id));
  const shown = found.filter(isMovable);
  const again = (): Promise<unknown> =>
    Promise.all([keys.everybody(), keys.timetable(), keys.attendance()].map((queryKey) => client.invalidateQueries({ queryKey })));
  const move = useMutation({
    mutationFn: async () => ({ count: await movePeople(people, to), to }),
    onSuccess: async () => {
      onChosen(new Set());
      await again();
    },
    onError: async (error) => {
      if (!isStale(error)) return;
      onChosen(new Set());
      await again();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (people.length > 0 && to !== "") move.mutate();
  };
  return (
    <form className="move-bar" aria-label={t("timetable.move")} onSubmit={submit}>
      <div className="move-choices">
        <button type="button" className="button" disabled={shown.length === 0} onClick={() => onChosen(new Set([...chosen, ...shown.map(({ id }) => id)]))}>
          {t("timetable.move_all", { count: shown.length })}
        </button>
        <button type="button" className="button" disabled={chosen.size === 0} onClick={() => onChosen(new Set())}>
          {t("timetable.move_none")}
        </button>
      </div>
      <div className="move-to">
        <GroupField label={t("timetable.move_to")} none={t("timetable.move_choose")} groups={groups} value={to} onValue={setTo} />
        <button type="submit" className="button button-main" disabled={people.length === 0 || to === "" || move.isPending}>
          {t("timetable.move_do", { count: people.length })}
        </button>
      </div>
      <Problem error={move.error} words={(words, error) => (isStale(error) ? words("timetable_error.stale_move") : timetableError(words, error))} />
      <p className="move-done" role="status">
        {move.data !== undefined && chosen.size === 0 && t("timetable.moved", move.data)}
      </p>
    </form>
  );
}
