// The emergency button, on every page: the first press arms it, a second one calls. A drill says so in every word.
import { type FormEvent, type ReactElement, useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { calling, NOTHING_SAID } from "../logic/calling";
import { newPress } from "../logic/orders";
import { useCall, useEmergencyPanel, useEnd, useHasButton } from "../state/emergency";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";
import { Icon } from "./Icon";
import { Problem } from "./Problem";

/** So long it stays armed: who opened it by accident and left it there must not have it lying in wait. */
const ARMED_MS = 60_000;
/** A key that bounces is not pressed twice. */
const DELIBERATE_MS = 400;

export function EmergencyButton(): ReactElement | null {
  const { t } = useTranslation();
  const show = useEmergencyPanel((panel) => panel.show);
  if (!useHasButton()) return null;
  return (
    <button type="button" className="button emergency-button" title={t("emergency.key_hint")} onClick={() => show("call")}>
      <Icon name="emergency" />
      <span>{t("emergency.button")}</span>
    </button>
  );
}

export function EmergencyDialogs(): ReactElement | null {
  const { open, show } = useEmergencyPanel();
  const close = useCallback(() => show(null), [show]);
  if (open === "call") return <CallDialog onClose={close} />;
  return open === "end" ? <EndDialog onClose={close} /> : null;
}

const REACHES = ["police", "siren"] as const;

function CallDialog({ onClose }: { onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const by = useEmergencyPanel((panel) => panel.by);
  const [wanted, want] = useState(NOTHING_SAID);
  const [press] = useState(newPress);
  const [openedAt] = useState(() => Date.now());
  // Not the button that calls, and no field: the key that opened it is pressed again to call, and must not be typed.
  const mode = useRef<HTMLButtonElement>(null);
  const call = useCall();
  const send = (): void => {
    if (!call.isPending) call.mutate({ id: press, by, ...calling(wanted) }, { onSuccess: onClose });
  };
  useDisarm(onClose);
  useSecondPress(() => Date.now() - openedAt >= DELIBERATE_MS && send());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    send();
  };
  return (
    <Dialog title={t(wanted.drill ? "emergency.drill_title" : "emergency.title")} first={mode} onClose={onClose}>
      <form className="emergency-form" data-drill={wanted.drill} onSubmit={submit}>
        <div className="segments" role="group" aria-label={t("emergency.mode")}>
          {[false, true].map((drill) => (
            <button
              key={String(drill)}
              ref={drill ? undefined : mode}
              type="button"
              aria-pressed={wanted.drill === drill}
              onClick={() => want({ ...wanted, drill })}
            >
              {t(drill ? "emergency.drill" : "emergency.real")}
            </button>
          ))}
        </div>
        <p>{t(wanted.drill ? "emergency.drill_text" : "emergency.real_text")}</p>
        {wanted.drill &&
          REACHES.map((name) => (
            <label key={name} className="check-line">
              <input type="checkbox" checked={wanted[name]} onChange={() => want({ ...wanted, [name]: !wanted[name] })} />
              {t(`emergency.also_${name}`)}
            </label>
          ))}
        <TextField label={t("emergency.why")} hint="" most={500} value={wanted.why} onValue={(why) => want({ ...wanted, why })} />
        <button type="submit" className="button emergency-now" disabled={call.isPending}>
          <Icon name="emergency" />
          {t(wanted.drill ? "emergency.drill_now" : "emergency.now")} <kbd>E</kbd>
        </button>
        <Problem error={call.error} />
      </form>
    </Dialog>
  );
}

/** Left alone it closes. */
function useDisarm(onClose: () => void): void {
  useEffect(() => {
    const timer = setTimeout(onClose, ARMED_MS);
    return () => clearTimeout(timer);
  }, [onClose]);
}

/** The key that opened it, pressed again; held down it says nothing. */
function useSecondPress(send: () => unknown): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox]), textarea");
      if (event.repeat || typing || event.key.toLowerCase() !== "e" || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      send();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

function EndDialog({ onClose }: { onClose(): void }): ReactElement {
  const { t } = useTranslation();
  const [why, say] = useState("");
  const end = useEnd();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (why.trim() !== "" && !end.isPending) end.mutate(why.trim(), { onSuccess: onClose });
  };
  return (
    <Dialog title={t("emergency.end_title")} onClose={onClose}>
      <form className="emergency-form" onSubmit={submit}>
        <p>{t("emergency.end_text")}</p>
        <TextField label={t("emergency.end_why")} hint="" most={500} value={why} onValue={say} first />
        <button type="submit" className="button button-main" disabled={why.trim() === "" || end.isPending}>
          {t("emergency.end_now")}
        </button>
        <Problem error={end.error} />
      </form>
    </Dialog>
  );
}
