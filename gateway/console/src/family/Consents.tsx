// Each purpose in plain words, how it stands, and one press to agree, to object or to take it back.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../components/Dialog";
import { Loaded } from "../components/Loaded";
import { Problem } from "../components/Problem";
import { timesOf } from "../logic/times";
import { agree, fetchConsents } from "./api";
import { consenting } from "./consenting";
import type { Child, Standing } from "./types";

export function Consents({ child, zone }: { child: Child; zone: string }): ReactElement {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ["consents", child.id], queryFn: () => fetchConsents(child.id) });
  return (
    <Loaded asked={asked} empty={asked.data === undefined} emptyState={null}>
      <h2>{t("family.consents_of", { name: child.name })}</h2>
      {(asked.data ?? []).map((standing) => (
        <Purpose key={standing.purpose} child={child} standing={standing} zone={zone} />
      ))}
      <p className="quiet">{t("family.consents_more")}</p>
    </Loaded>
  );
}

interface Props {
  child: Child;
  standing: Standing;
  zone: string;
}

function Purpose({ child, standing, zone }: Props): ReactElement {
  const { t, i18n } = useTranslation();
  const [taking, setTaking] = useState(false);
  const client = useQueryClient();
  // What is read here is what goes on the record.
  const words = i18n.language === "en" ? standing.words.en : standing.words.zh;
  const say = useMutation({
    mutationFn: (yes: boolean) => agree(child.id, standing.purpose, yes, standing.present, words),
    onSuccess: (items) => client.setQueryData(["consents", child.id], items),
    // The text may have changed meanwhile: the newest is shown.
    onError: () => client.invalidateQueries({ queryKey: ["consents", child.id] }),
    onSettled: () => setTaking(false),
  });
  const shown = consenting(standing);
  const until = standing.until === "" ? "" : timesOf(i18n.language, zone).full(standing.until);
  return (
    <section className="panel family-purpose">
      <h3>{t(`family.purpose_${standing.purpose}`)}</h3>
      <p className="family-words">{words === "" ? t("family.words_on_paper") : words}</p>
      <p>
        <strong className={shown.tone}>{t(shown.words)}</strong>
        {until !== "" && standing.state !== "refused" && <span> {t("family.until", { until })}</span>}
        {standing.given_by !== "" && <span> {t("family.given_by", { name: standing.given_by, day: standing.given_on })}</span>}
      </p>
      <small className="quiet">{t("family.text_version", { version: standing.present })}</small>
      <Problem error={say.error} />
      <div className="family-choices">
        {shown.agree && (
          <button
            type="button"
            className={standing.going_on ? "button" : "button button-main"}
            disabled={say.isPending || words === ""}
            onClick={() => say.mutate(true)}
          >
            {t("family.agree")}
          </button>
        )}
        {shown.stop !== null && (
          <button type="button" className="button" disabled={say.isPending} onClick={() => setTaking(true)}>
            {t(shown.stop)}
          </button>
        )}
      </div>
      {taking && shown.stop !== null && (
        <Dialog title={t(`family.purpose_${standing.purpose}`)} onClose={() => setTaking(false)}>
          <p>{t(`family.taken_${standing.purpose}`, { name: child.name })}</p>
          <button type="button" className="button button-main" disabled={say.isPending} onClick={() => say.mutate(false)}>
            {t(shown.stop)}
          </button>
        </Dialog>
      )}
    </section>
  );
}
