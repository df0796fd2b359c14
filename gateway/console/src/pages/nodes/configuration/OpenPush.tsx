// A push that is not over: where it is, and taking it back as long as it waits.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { type ConfigurationPush, withdrawPush } from "../../../api/configuration";
import { errorText } from "../../../i18n/codes";
import { Difference } from "./Difference";
import { configurationKey } from "./key";

export function OpenPush({ node, push }: { node: string; push: ConfigurationPush }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => withdrawPush(node, push.id),
    onSuccess: (now) => client.setQueryData(configurationKey(node), now),
  });
  return (
    <section className="configuration-open" data-push={push.state} aria-live="polite">
      <h2>{t(`configuration.state_${push.state}`)}</h2>
      <p>
        {push.who}: {push.why}
      </p>
      <Difference lines={push.diff} />
      {push.state === "trying" ? (
        <p className="quiet">{t("configuration.trying_text", { seconds: push.confirm_s })}</p>
      ) : (
        <button type="button" className="button" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("configuration.withdraw")}
        </button>
      )}
      {withdraw.isError && (
        <p className="form-error" role="alert">
          {errorText(t, withdraw.error)}
        </p>
      )}
    </section>
  );
}
