// Every step of an alert: from what to what, by whom, when, and what was said.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Alert, Transition } from "../../api/types";
import { StateBadge } from "../../components/Badges";
import { Picture } from "../../components/Picture";
import { noteText, whoName } from "../../i18n/codes";
import { useTimes } from "../../state/times";

export function Life({ alert }: { alert: Alert }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <section>
      <h3>{t("alerts.life")}</h3>
      <ol className="life">
        <li>
          <time dateTime={alert.raised_at}>{times.full(alert.raised_at)}</time>
          <span>{t("alerts.raised_event")}</span>
        </li>
        {alert.transitions.map((step) => (
          <Step key={`${step.when} ${step.from} ${step.to}`} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { step: Transition }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  return (
    <li>
      <time dateTime={step.when}>{times.full(step.when)}</time>
      <span>
        <StateBadge state={step.to} /> <b>{t("alerts.by", { who: whoName(t, step.who) })}</b>
      </span>
      {step.assignee !== null && (
        <b className="life-sent">{t("alerts.sent_to", { role: t(`sent_role.${step.assignee.role}`), name: step.assignee.name })}</b>
      )}
      {step.note !== "" && <q>{noteText(t, step.note)}</q>}
      {step.picture !== null && (
        <a className="life-photo" href={step.picture} target="_blank" rel="noreferrer">
          <Picture url={step.picture} alt={t("alerts.photo_of", { who: whoName(t, step.who) })} missing="broken" fit="contain" />
        </a>
      )}
    </li>
  );
}
