// What is under way, above every page: since when, by whom, and whom it has reached.
import type { TFunction } from "i18next";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { EmergencyCall } from "../api/emergency";
import { routeTo } from "../logic/route";
import { useEmergency, useEmergencyPanel } from "../state/emergency";
import { useTimes } from "../state/times";
import { Icon } from "./Icon";

export function EmergencyBanner(): ReactElement | null {
  const { t } = useTranslation();
  const times = useTimes();
  const show = useEmergencyPanel((panel) => panel.show);
  const call = useEmergency().data?.call ?? null;
  if (call === null) return null;
  return (
    <section className="emergency-banner" data-drill={call.drill} role="alert">
      <Icon name="emergency" />
      <div className="emergency-said">
        <strong>{t(call.drill ? "emergency.is_drill" : "emergency.is_real")}</strong>
        <span>
          {t("emergency.called", { time: times.clock(call.at), who: call.who })} · {t(`emergency.by_${call.source}`)}
          {call.why !== "" && ` · ${call.why}`}
        </span>
        <span className="emergency-reached">
          <span data-reached="police">{policeText(t, call)}</span>
          <span data-reached="siren">{sirenText(t, call)}</span>
        </span>
      </div>
      <span className="emergency-steps">
        <a className="button button-inverse" href={routeTo("muster")}>
          {t("emergency.muster")}
        </a>
        <button type="button" className="button button-inverse" onClick={() => show("end")}>
          {t("emergency.end")}
        </button>
      </span>
    </section>
  );
}

function policeText(t: TFunction, { police, police_told: told }: EmergencyCall): string {
  if (!police || told === null) return t("emergency.police_not");
  if (told.waiting + told.failed > 0) return t("emergency.police_waiting");
  if (told.sent > 0) return t("emergency.police_told");
  return t(told.readers > 0 ? "emergency.police_feed" : "emergency.police_nobody");
}

function sirenText(t: TFunction, { siren, sirens }: EmergencyCall): string {
  if (!siren) return t("emergency.siren_not");
  const sounding = sirens.filter(({ result }) => result === "sounding");
  const missing = sirens.filter(({ result }) => result === "failed" || result === "offline" || result === "waiting");
  if (sounding.length + missing.length === 0) return t("emergency.siren_none");
  const said = t("emergency.siren_sounding", { count: sounding.length });
  return missing.length === 0 ? said : `${said} · ${t("emergency.siren_missing", { where: missing.map(({ node }) => node).join(", ") })}`;
}
