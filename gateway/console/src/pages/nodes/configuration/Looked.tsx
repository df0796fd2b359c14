// What a draft comes to: faults by line and key, or the difference and the push.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Look, type Problem, pushConfiguration } from "../../../api/configuration";
import { errorText } from "../../../i18n/codes";
import { TextField } from "../../../components/Field";
import { Said } from "../../../components/Said";
import { Difference } from "./Difference";
import { configurationKey } from "./key";

interface Props {
  node: string;
  base: string;
  look: Look;
}

export function Looked({ node, base, look }: Props): ReactElement {
  const { t } = useTranslation();
  if (look.problems.length > 0) return <Problems problems={look.problems} />;
  return (
    <>
      <p className="quiet">{t(`configuration.judged_${look.by}`)}</p>
      <Difference lines={look.diff} />
      {look.diff.length > 0 && <Push node={node} base={base} look={look} />}
    </>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }): ReactElement {
  const { t } = useTranslation();
  return (
    <div role="alert">
      <p className="form-error">{t("configuration.problems")}</p>
      <ul className="configuration-problems">
        {problems.map((problem) => (
          <li key={`${problem.line} ${problem.key} ${problem.message}`}>
            <b>{t("configuration.line", { line: problem.line })}</b> <code>{problem.key}</code>
            <Said text={problem.message} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Push({ node, base, look }: Props): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [why, setWhy] = useState("");
  const send = useMutation({
    mutationFn: () => pushConfiguration(node, { base, text: look.text, why: why.trim() }),
    onSuccess: (now) => client.setQueryData(configurationKey(node), now),
  });
  const ready = why.trim().length > 2 && !send.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) send.mutate();
  };
  return (
    <form className="order-form" onSubmit={submit}>
      <TextField label={t("configuration.why")} hint={t("configuration.why_hint")} value={why} most={300} onValue={setWhy} />
      <p className="quiet">{t("configuration.push_text")}</p>
      {send.isError && (
        <p className="form-error" role="alert">
          {errorText(t, send.error)}
        </p>
      )}
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("configuration.push")}
      </button>
    </form>
  );
}
