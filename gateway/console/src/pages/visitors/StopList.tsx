// Whom the window is to stop: an administrator's list, each entry with a ground and an end.
import { type FormEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { addStop, type NewStop, removeStop, type StopEntry } from "../../api/visits";
import { Field } from "../../components/Field";
import { Loaded } from "../../components/Loaded";
import { dayIn, daysLater, momentIn } from "../../logic/zone";
import { useFields } from "../../state/fields";
import { useSite } from "../../state/session";
import { useTimes } from "../../state/times";
import { useAtDesk, useStops } from "../../state/visits";
import { FormHead } from "./FormHead";
import { VisitProblem } from "./VisitProblem";

const USUAL_DAYS = 90;

export function StopList(): ReactElement {
  const { t } = useTranslation();
  const asked = useStops();
  const items = asked.data ?? [];
  return (
    <div className="detail scroll">
      <FormHead title={t("visits.stop_list")} />
      <p className="quiet">{t("visits.stop_text")}</p>
      <StopForm />
      <Loaded asked={asked} empty={items.length === 0} emptyState={<p className="quiet">{t("visits.stop_none")}</p>}>
        <ul className="stop-list">
          {items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      </Loaded>
    </div>
  );
}

function Entry({ entry }: { entry: StopEntry }): ReactElement {
  const { t } = useTranslation();
  const times = useTimes();
  const remove = useAtDesk(() => removeStop(entry.id));
  const named = [entry.name, entry.citizen, entry.plate].filter((each) => each !== "").join(" · ");
  return (
    <li>
      <div>
        <strong>{named}</strong>
        <span className="row-meta">
          <span>{entry.ground}</span>
          <span>{t("visits.stop_until", { day: times.day(entry.until) })}</span>
          <span>{entry.who}</span>
        </span>
        <VisitProblem error={remove.error} />
      </div>
      <button type="button" className="button" disabled={remove.isPending} onClick={() => remove.mutate(undefined)}>
        {t("visits.stop_remove")}
      </button>
    </li>
  );
}

function nothing(timezone: string): NewStop {
  const until = daysLater(dayIn(Date.now(), timezone), USUAL_DAYS);
  return { name: "", citizen: "", plate: "", ground: "", until };
}

function StopForm(): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const { said, say, field } = useFields(() => nothing(timezone));
  const add = useAtDesk((wanted: NewStop) => addStop(wanted), () => say(nothing(timezone)));
  const ready = said.ground.trim() !== "" && [said.name, said.citizen, said.plate].some((each) => each.trim() !== "");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (ready) add.mutate({ ...said, until: momentIn(said.until, "23:59", timezone) });
  };
  return (
    <form className="visit-step" onSubmit={submit}>
      <div className="visit-fields">
        <Field label={t("visits.name")} maxLength={40} {...field("name")} />
        <Field label={t("visits.citizen")} maxLength={24} {...field("citizen")} />
        <Field label={t("visits.plate")} maxLength={12} {...field("plate")} />
        <Field label={t("visits.until_day")} type="date" required {...field("until")} />
        <Field label={t("visits.stop_ground")} maxLength={200} required {...field("ground")} />
      </div>
      <VisitProblem error={add.error} />
      <button type="submit" className="button button-main" disabled={!ready || add.isPending}>
        {t("visits.stop_add")}
      </button>
    </form>
  );
}
