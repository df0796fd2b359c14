// Somebody stands at the window: one column of fields, in the order in which one asks, all by keyboard.
import { type FormEvent, type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Earlier, type Purpose, registerVisit, type VisitDesk } from "../../api/visits";
import { Field } from "../../components/Field";
import { isCitizenNumber } from "../../logic/citizen";
import { routeTo } from "../../logic/route";
import { durations } from "../../logic/visits";
import { useFields } from "../../state/fields";
import { go } from "../../state/route";
import { useAtDesk } from "../../state/visits";
import { AtDesk } from "./AtDesk";
import { EarlierVisit } from "./EarlierVisit";
import { Agreements, AreaField, hostNamed } from "./fields";
import { FormHead } from "./FormHead";
import { VisitProblem } from "./VisitProblem";

const MINUTE = 60_000;
const PURPOSES = ["parent", "delivery", "repair", "meeting"] as const;

export function WindowForm(): ReactElement {
  return <AtDesk Form={Form} />;
}

function Form({ desk }: { desk: VisitDesk }): ReactElement {
  const { t } = useTranslation();
  const { said, field, say } = useFields({ name: "", citizen: "", phone: "", plate: "", purpose: "", host: "" });
  const [area, setArea] = useState(desk.areas[0]?.id ?? "");
  const [minutes, setMinutes] = useState(desk.usual_minutes);
  const [agreed, setAgreed] = useState<Purpose[]>([]);
  const register = useAtDesk(registerVisit, (visit) => go(routeTo("visitors", visit.id)));
  const host = hostNamed(desk.hosts, said.host);
  const wrong = said.citizen.replaceAll(/[\s-]/g, "").length >= 18 && !isCitizenNumber(said.citizen);
  const ready = said.name.trim() !== "" && host !== undefined && agreed.includes("keeping") && !wrong && !register.isPending;
  // What stands there already was typed today, and is newer.
  const fill = (found: Earlier): void => {
    const { name, plate, purpose, host_name: visited } = found;
    const before = { name, plate, purpose, host: hostNamed(desk.hosts, visited) === undefined ? "" : visited };
    const typed = Object.fromEntries(Object.entries(said).filter(([, value]) => value.trim() !== ""));
    say({ ...said, ...before, ...typed });
    if (desk.areas.some(({ id }) => id === found.area)) setArea(found.area);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready || host === undefined) return;
    const now = Date.now();
    const span = { begins: new Date(now).toISOString(), ends: new Date(now + minutes * MINUTE).toISOString() };
    register.mutate({ ...said, host: { ...host }, ...span, area, agreed });
  };
  return (
    <form className="detail visit-form" onSubmit={submit}>
      <FormHead title={t("visits.register")} />
      <div className="visit-fields">
        <Field label={t("visits.name")} required maxLength={40} first {...field("name")} />
        <Field
          label={t("visits.citizen")}
          maxLength={24}
          fault={wrong ? t("visits.fault_citizen") : ""}
          {...field("citizen")}
        />
        <Field label={t("visits.phone")} type="tel" maxLength={24} {...field("phone")} />
        <Field label={t("visits.plate")} maxLength={12} {...field("plate")} />
        <Field
          label={t("visits.host")}
          required
          maxLength={64}
          options={desk.hosts.map((each) => each.name)}
          fault={said.host !== "" && host === undefined ? t("visits.fault_host") : ""}
          {...field("host")}
        />
        <Field
          label={t("visits.purpose")}
          maxLength={200}
          options={PURPOSES.map((each) => t(`visits.purpose_${each}`))}
          {...field("purpose")}
        />
        <Lasts choices={durations(desk.usual_minutes, desk.longest_minutes)} minutes={minutes} onMinutes={setMinutes} />
        <AreaField desk={desk} area={area} onArea={setArea} />
      </div>
      <EarlierVisit phone={said.phone} citizen={said.citizen} onEarlier={fill} />
      <Agreements words={desk.words} purposes={["keeping", "photo", "face"]} agreed={agreed} onAgreed={setAgreed} />
      <VisitProblem error={register.error} />
      <button type="submit" className="button button-main" disabled={!ready}>
        {t("visits.next")}
      </button>
    </form>
  );
}

interface LastsProps {
  choices: readonly number[];
  minutes: number;
  onMinutes(minutes: number): void;
}

function Lasts({ choices, minutes, onMinutes }: LastsProps): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="field">
      <span id="visit-lasts" className="visit-label">{t("visits.lasts")}</span>
      <div className="segments" role="group" aria-labelledby="visit-lasts">
        {choices.map((each) => (
          <button key={each} type="button" aria-pressed={each === minutes} onClick={() => onMinutes(each)}>
            {each % 60 === 0 ? t("visits.hours", { count: each / 60 }) : t("visits.minutes", { count: each })}
          </button>
        ))}
      </div>
    </div>
  );
}
