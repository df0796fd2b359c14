// Turns the alert sound on; red for as long as this page cannot be heard.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { startSound, stopSound, useHearing } from "../sound/useSiren";
import { Icon } from "./Icon";

export function SoundButton(): ReactElement {
  const { t } = useTranslation();
  const audible = useHearing((hearing) => hearing.audible);
  return (
    <button
      type="button"
      className={audible ? "sound sound-on" : "sound sound-off"}
      title={audible ? t("sound.mute") : t("sound.start")}
      onClick={() => void (audible ? stopSound() : startSound())}
    >
      <Icon name={audible ? "sound" : "silent"} />
      <span>
        {audible ? t("sound.on") : t("sound.off")}
        {!audible && <span className="sound-more">{t("sound.off_more")}</span>}
      </span>
    </button>
  );
}
