// A verdict with its reason; guards see it as soon as it is sent.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { judgeAlert } from "../../api/verdicts";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { UsualReasons } from "../../components/UsualReasons";
import { alertKind } from "../../i18n/codes";
import { useLiveStore } from "../../live/context";
import { isUnacknowledged } from "../../logic/alerts";
import type { Judging } from "./useQueueKeys";

/** Usual reasons, one press away; each has words in the catalogue. */
const REASONS = {
  confirmed: ["why_confirmed_pictures", "why_confirmed_papers", "why_confirmed_vehicle"],
  rejected: ["why_rejected_pictures", "why_rejected_papers", "why_rejected_quality"],
} as const;

export function VerdictDialog({ alert, finding, onDone }: Judging & { onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const store = useLiveStore();
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: () => judgeAlert({ id: alert.id, finding, reason: reason.trim(), expected_state: alert.state }),
    onSuccess: (judged) => {
      store.take({ kind: "alert", value: judged });
      onDone();
    },
  });
  const ready = reason.trim() !== "" && !send.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) send.mutate();
  };
  const what = alertKind(t, alert.kind);
  return (
    <Dialog title={t(finding === "confirmed" ? "queue.confirm_title" : "queue.reject_title", { what })} onClose={onDone}>
      <form className="order-form" onSubmit={submit}>
        <TextField label={t("queue.reason")} hint={t("queue.reason_hint")} value={reason} most={500} onValue={setReason} first />
        <UsualReasons label={t("queue.usual")} reasons={REASONS[finding].map((name) => t(`queue.${name}`))} reason={reason} onReason={setReason} />
        {finding === "rejected" && <p className="quiet">{t("queue.closes")}</p>}
        {finding === "confirmed" && isUnacknowledged(alert) && <p className="quiet">{t("queue.receives")}</p>}
        <Problem error={send.error} />
        <button type="submit" className="button button-main" disabled={!ready}>
          {t(finding === "confirmed" ? "queue.send_confirmed" : "queue.send_rejected")}
        </button>
      </form>
    </Dialog>
  );
}
