// A host expects somebody; afterwards the link is shown, this once.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { inviteVisit, type VisitDesk } from "../../api/visits";
import { Field } from "../../components/Field";
import { clockIn, dayIn, isDay, momentIn } from "../../logic/zone";
import { useFields } from "../../state/fields";
import { useRole, useSession, useSite } from "../../state/session";
import { useAtDesk } from "../../state/visits";
import { AtDesk } from "./AtDesk";
import { AreaField, hostNamed } from "./fields";
import { FormHead } from "./FormHead";
import { InvitationLink } from "./InvitationLink";
import { VisitProblem } from "./VisitProblem";

const HOUR = 3_600_000;

export function InviteForm(): ReactElement {
  return <AtDesk Form={Form} />;
}

/** The next full hour, for as long as usual. */
function usualTimes(desk: VisitDesk, timezone: string) {
  const begins = Math.ceil((Date.now() + 1) / HOUR) * HOUR;
  const ends = begins + desk.usual_minutes * 60_000;
  return { day: dayIn(begins, timezone), from: clockIn(begins, timezone), to: clockIn(ends, timezone) };
}

function Form({ desk }: { desk: VisitDesk }): ReactElement {
  const { t } = useTranslation();
  const { timezone } = useSite();
  const role = useRole();
  const user = useSession((state) => state.session?.user ?? "");
  const { said, field } = useFields(() => ({ name: "", phone: "", plate: "", purpose: "", host: user, ...usualTimes(desk, timezone) }));
  const [area, setArea] = useState(desk.areas[0]?.id ?? "");
  const invite = useAtDesk(inviteVisit);
  const host = hostNamed(desk.hosts, said.host);
  const timed = isDay(said.day) && said.from !== "" && said.to !== "";
  const ready = said.name.trim() !== "" && host !== undefined && timed && !invite.isPending;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready || host === undefined) return;
    const { name, phone, plate, purpose, day, from, to } = said;
    const span = { begins: momentIn(day, from, timezone), ends: momentIn(day, to, timezone) };
    invite.mutate({ name, phone, plate, purpose, host: { ...host }, ...span, area });
  };
  if (invite.data !== undefined) return <InvitationLink made={invite.data} />;
  return (
    <form className="detail visit-form" onSubmit={submit}>
      <FormHead title={t("visits.invite")} />
      <div className="visit-fields">
        <Field label={t("visits.name")} required maxLength={40} first {...field("name")} />
        <Field label={t("visits.purpose")} maxLength={200} {...field("purpose")} />
        <Field label={t("visits.day")} type="date" required {...field("day")} />
        <div className="visit-times">
          <Field label={t("visits.from")} type="time" required {...field("from")} />
          <Field label={t("visits.until")} type="time" required {...field("to")} />
        </div>
        <Field label={t("visits.phone_optional")} type="tel" maxLength={24} {...field("phone")} />
        <Field label={t("visits.plate")} maxLength={12} {...field("plate")} />
        {role === "admin" && (
          <Field
            label={t("visits.host")}
            required
            options={desk.hosts.map((each) => each.name)}
            fault={host === undefined ? t("visits.fault_host") : ""}
            {...field("host")}
          />
        )}
        <AreaField desk={desk} area={area} onArea={setArea} />
      </div>
      <VisitProblem error={invite.error} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("visits.make_link")}
      </button>
    </form>
  );
}
