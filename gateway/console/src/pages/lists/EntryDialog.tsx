// A decision, or the end of an entry, with its reason.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../api/errors";
import { decideWatch, type WatchEntry, withdrawWatch } from "../../api/watchLists";
import { Dialog } from "../../components/Dialog";
import { TextField } from "../../components/Field";
import { Problem } from "../../components/Problem";
import { keys } from "../../live/keys";

export type Doing = "approve" | "refuse" | "withdraw";

interface Props {
  entry: WatchEntry;
  doing: Doing;
  onDone(): void;
}

/** What cannot be approved because no face in it can be compared. */
const isUnusable = (doing: Doing, error: Error | null): boolean =>
  doing === "approve" && error instanceof Refused && error.status === 422;

export function EntryDialog({ entry, doing, onDone }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const send = useMutation({
    mutationFn: () =>
      doing === "withdraw"
        ? withdrawWatch(entry, reason.trim())
        : decideWatch(entry, doing === "approve" ? "approved" : "refused", reason.trim()),
    onSettled: () => client.invalidateQueries({ queryKey: keys.watchLists() }),
    onSuccess: onDone,
  });
  const ready = reason.trim() !== "" && !send.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) send.mutate();
  };
  return (
    <Dialog title={t(`lists.${doing}_title`, { label: entry.label })} onClose={onDone}>
      <form className="order-form" onSubmit={submit}>
        <p className="quiet">{t(`lists.${doing}_text`)}</p>
        <TextField label={t("lists.reason")} hint={t("lists.reason_hint")} value={reason} most={500} onValue={setReason} first />
        <Problem error={isUnusable(doing, send.error) ? t("lists.nothing_usable") : send.error} />
        <button type="submit" className="button button-main" disabled={!ready}>
          {send.isPending ? t("lists.sending") : t(`lists.${doing}`)}
        </button>
      </form>
    </Dialog>
  );
}
