// Where we are, what time it is there, whether the line and the sound are up.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { workOf } from "../logic/roles";
import { useLine } from "../state/line";
import { useNow } from "../state/now";
import { useRole, useSite } from "../state/session";
import { useTimes } from "../state/times";
import { EmergencyButton } from "./EmergencyButton";
import { SoundButton } from "./SoundButton";
import { UserMenu } from "./UserMenu";

export function TopBar(): ReactElement {
  const { t } = useTranslation();
  const site = useSite();
  const rings = workOf(useRole()).includes("alerts");
  return (
    <header className="topbar">
      <div className="topbar-place">
        <strong>{site.name}</strong>
        <span>
          {t("app.name")} · {t("app.tagline")}
        </span>
      </div>
      <SiteClock />
      <LineMark />
      <EmergencyButton />
      {rings && <SoundButton />}
      <UserMenu />
    </header>
  );
}

function SiteClock(): ReactElement {
  const now = useNow();
  const times = useTimes();
  return (
    <div className="topbar-clock">
      <span>{times.day(now)}</span>
      <strong className="number">{times.clock(now)}</strong>
    </div>
  );
}

const LINE_WORDS = { open: "live.connected", connecting: "live.connecting", lost: "live.connecting" } as const;

function LineMark(): ReactElement {
  const { t } = useTranslation();
  const state = useLine((line) => line.state);
  return (
    <span className={`line line-${state}`} data-line={state}>
      {t(LINE_WORDS[state])}
    </span>
  );
}
