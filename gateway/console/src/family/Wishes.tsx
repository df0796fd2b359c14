// Language, quiet hours, messages on this phone, another child, and leaving.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { Problem } from "../components/Problem";
import { LANGUAGES, type Language, OWN_NAME } from "../i18n";
import { useSettings } from "../state/settings";
import { leave, leaveOthers, wish } from "./api";
import { BindForm } from "./BindForm";
import { canPush, isOn, turnOff, turnOn } from "./push";
import type { Family } from "./types";

const NIGHT = "22:00-06:00";

export function Wishes({ family }: { family: Family }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const attempt = (work: Promise<unknown>): void => {
    setError(null);
    void work.then(() => client.invalidateQueries({ queryKey: ["family"] })).catch(setError);
  };
  return (
    <>
      <section className="panel family-wish">
        <h2>{t("family.phone_of", { name: family.name })}</h2>
        <LanguageChoice family={family} attempt={attempt} />
        <QuietChoice family={family} attempt={attempt} />
        <Push pushKey={family.push_key} />
        <Problem error={error} />
      </section>
      <section className="panel family-wish">
        <h2>{t("family.another")}</h2>
        <p>{t("family.another_text")}</p>
        <BindForm onBound={(found) => client.setQueryData(["family"], found)} />
      </section>
      <section className="panel family-wish">
        <button type="button" className="button" onClick={() => attempt(leaveOthers())}>
          {t("family.leave_others")}
        </button>
        <button type="button" className="button" onClick={() => attempt(turnOff().catch(() => undefined).then(leave).then(() => client.clear()))}>
          {t("family.leave")}
        </button>
      </section>
    </>
  );
}

interface Choice {
  family: Family;
  attempt(work: Promise<unknown>): void;
}

function LanguageChoice({ family, attempt }: Choice): ReactElement {
  const { t, i18n } = useTranslation();
  const { chooseLanguage } = useSettings();
  const choose = (language: Language): void => {
    chooseLanguage(language);
    attempt(wish(language, family.quiet));
  };
  return (
    <div className="segments" role="group" aria-label={t("menu.language")}>
      {LANGUAGES.map((item) => (
        <button key={item} type="button" lang={item} aria-pressed={i18n.language === item} onClick={() => choose(item)}>
          {OWN_NAME[item]}
        </button>
      ))}
    </div>
  );
}

function QuietChoice({ family, attempt }: Choice): ReactElement {
  const { t, i18n } = useTranslation();
  const [from = "22:00", to = "06:00"] = (family.quiet[0] ?? NIGHT).split("-");
  const set = (quiet: readonly string[]): void => attempt(wish(i18n.language === "en" ? "en" : "zh-CN", quiet));
  const on = family.quiet.length > 0;
  return (
    <fieldset className="family-quiet">
      <label>
        <input type="checkbox" checked={on} onChange={() => set(on ? [] : [NIGHT])} /> {t("family.quiet")}
      </label>
      {on && (
        <>
          <input
            type="time"
            className="input"
            aria-label={t("family.quiet_from")}
            value={from}
            onChange={(event) => set([`${event.target.value}-${to}`])}
          />
          <input
            type="time"
            className="input"
            aria-label={t("family.quiet_to")}
            value={to}
            onChange={(event) => set([`${from}-${event.target.value}`])}
          />
        </>
      )}
      <small className="quiet">{t("family.quiet_text")}</small>
    </fieldset>
  );
}

function Push({ pushKey }: { pushKey: string | null }): ReactElement {
  const { t } = useTranslation();
  const client = useQueryClient();
  const on = useQuery({ queryKey: ["push"], queryFn: isOn }).data ?? false;
  const [refused, setRefused] = useState(false);
  if (pushKey === null || !canPush()) return <p className="quiet">{t("family.no_push")}</p>;
  const toggle = async (): Promise<void> => {
    setRefused(!(on ? await turnOff().then(() => true) : await turnOn(pushKey).catch(() => false)));
    await client.invalidateQueries({ queryKey: ["push"] });
  };
  return (
    <>
      <button type="button" className={on ? "button" : "button button-main"} onClick={() => void toggle()}>
        {on ? t("family.push_off") : t("family.push_on")}
      </button>
      {refused && <Problem error={t("family.push_refused")} />}
    </>
  );
}
