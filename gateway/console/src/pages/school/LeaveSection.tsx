// A child's leave slips of a day, and a new one.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { DayLine } from "../../api/attendance";
import { endLeave, fetchSlips, giveLeave, type LeaveSlip } from "../../api/leaves";
import { Problem } from "../../components/Problem";
import { keys } from "../../live/keys";
import { leaveText } from "../../logic/leaves";
import { useDesk } from "../../state/desk";
import { useSite } from "../../state/session";
import { LeaveForm } from "./LeaveForm";

interface Props {
  line: DayLine;
  leaveFrom: string | null;
  /** Somebody is to be away on a day to come, or later today: what is over is corrected. */
  open: boolean;
}

export function LeaveSection({ line, leaveFrom, open }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = useQuery({
    queryKey: keys.leaves(line.person_id, line.day),
    queryFn: ({ signal }) => fetchSlips(line.day, line.person_id, signal),
    gcTime: 0,
  });
  const settled = (words: string) => async (): Promise<void> => {
    useDesk.getState().say("calm", words);
    await client.invalidateQueries({ queryKey: keys.attendance() });
  };
  const give = useMutation({ mutationFn: giveLeave, onSuccess: settled(t("leave.given", { name: line.name })) });
  const end = useMutation({
    mutationFn: (id: string) => endLeave(id, t("leave.end_why")),
    onSuccess: settled(t("leave.ended", { name: line.name })),
  });
  const slips = (asked.data ?? []).filter((slip) => slip.ended_at === null);
  const busy = give.isPending || end.isPending;
  return (
    <>
      <Problem error={give.error ?? end.error} />
      {slips.length > 0 && (
        <ul className="account-list" aria-label={t("leave.title")}>
          {slips.map((slip) => (
            <SlipRow key={slip.id} slip={slip} busy={busy} onEnd={() => end.mutate(slip.id)} />
          ))}
        </ul>
      )}
      {open && (
        <details>
          <summary>{t("leave.new")}</summary>
          <LeaveForm key={slips.length} line={line} leaveFrom={leaveFrom} busy={busy} onGive={(wanted) => give.mutate(wanted)} />
        </details>
      )}
    </>
  );
}

function SlipRow({ slip, busy, onEnd }: { slip: LeaveSlip; busy: boolean; onEnd(): void }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const who = slip.collector_name || slip.collector;
  return (
    <li>
      <div>
        <strong>
          {t("leave.title")} {leaveText(slip.begins, slip.ends, timezone)}
        </strong>
        <span>{slip.reason}</span>
        <span className="quiet">
          {t(`leave.collected_${slip.collected}`)} {who} · {slip.who}
        </span>
      </div>
      <button type="button" className="button" disabled={busy} onClick={onEnd}>
        {t("leave.end")}
      </button>
    </li>
  );
}
