// Somebody says that they were here before: found by their own number, only as long as it is kept.
import { useMutation } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type Earlier, findEarlier } from "../../api/visits";
import { useTimes } from "../../state/times";
import { VisitProblem } from "./VisitProblem";

interface Props {
  phone: string;
  citizen: string;
  onEarlier(found: Earlier): void;
}

export function EarlierVisit({ phone, citizen, onEarlier }: Props): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const look = useMutation({
    mutationFn: () => findEarlier({ phone, citizen }),
    onSuccess: (found) => found !== null && onEarlier(found),
  });
  const found = look.data;
  return (
    <div className="field earlier">
      <button
        type="button"
        className="button"
        disabled={(phone.trim() === "" && citizen.trim() === "") || look.isPending}
        onClick={() => look.mutate()}
      >
        {t("visits.earlier")}
      </button>
      <span className="quiet" role="status">
        {found === undefined && t("visits.earlier_text")}
        {found === null && t("visits.earlier_none")}
        {found && t("visits.earlier_found", { time: times.full(found.begins), host: found.host_name || t("visits.host_gone"), numbers: [found.phone, found.citizen].filter(Boolean).join(" · ") })}
      </span>
      <VisitProblem error={look.error} />
    </div>
  );
}
