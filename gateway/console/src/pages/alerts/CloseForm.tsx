// A case ends with what it was, a reason, and perhaps a photo of how it is there now.
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { bringPhoto } from "../../api/alerts";
import type { Alert } from "../../api/types";
import { TextField } from "../../components/Field";
import { UsualReasons } from "../../components/UsualReasons";
import { errorText } from "../../i18n/codes";
import { useSteps } from "../../state/steps";
import { OrderOutcome } from "../watch/OrderOutcome";
import { PhotoField } from "./PhotoField";

const ENDS = ["resolved", "false_alarm"] as const;
/** Usual reasons, one press away; each has words in the catalogue. */
const REASONS = { resolved: ["spoken", "led_out", "repaired", "let_in"], false_alarm: ["known", "mistaken", "test"] } as const;

export function CloseForm({ alert, onDone }: { alert: Alert; onDone(): void }): ReactElement {
  const { t } = useTranslation();
  const { take } = useSteps();
  const ends = ENDS.filter((each) => alert.allowed.includes(each));
  const [end, setEnd] = useState<(typeof ENDS)[number]>(ends[0] ?? "resolved");
  const [reason, setReason] = useState("");
  const [photo, setPhoto] = useState<Blob | null>(null);
  // The photo first: a case that is closed on a photo which never came would prove nothing.
  const send = useMutation({
    mutationFn: async () => (photo === null ? null : bringPhoto(alert.id, photo)),
    retry: false,
    onSuccess: (picture) => {
      take(alert, end, { note: reason.trim(), ...(picture === null ? {} : { picture }) });
      onDone();
    },
  });
  const ready = reason.trim() !== "" && ends.includes(end) && !send.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) send.mutate();
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <div className="segments" role="group" aria-label={t("step.outcome")}>
        {ends.map((each) => (
          <button key={each} type="button" aria-pressed={each === end} onClick={() => setEnd(each)}>
            {alert.candidate && each === "false_alarm" ? t("candidate.reject") : t(`action.${each}`)}
          </button>
        ))}
      </div>
      <TextField label={t("order.why")} hint={t("step.reason_hint")} value={reason} most={500} onValue={setReason} first />
      <UsualReasons label={t("step.usual")} reasons={REASONS[end].map((name) => t(`step.reason_${name}`))} reason={reason} onReason={setReason} />
      <PhotoField photo={photo} onPhoto={setPhoto} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("step.close_now", { what: t(`action.${end}`) })}
      </button>
      <OrderOutcome status={send.status === "success" ? "idle" : send.status}>
        {send.isPending && t("step.bringing")}
        {send.isError && errorText(t, send.error)}
      </OrderOutcome>
    </form>
  );
}
