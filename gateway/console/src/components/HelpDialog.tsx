// Which keys there are.
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDesk } from "../state/desk";
import { Dialog } from "./Dialog";

const KEYS = [
  ["A", "acknowledge"],
  ["D", "dispatch"],
  ["C", "close"],
  ["Y", "confirm"],
  ["N", "reject"],
  ["Z", "undo"],
  ["J", "next"],
  ["K", "previous"],
  ["Enter", "open"],
  ["L", "wall"],
  ["P", "pass"],
  ["E", "emergency"],
  ["Esc", "leave"],
  ["?", "help"],
] as const;

export function HelpDialog(): ReactElement | null {
  const { t } = useTranslation();
  const open = useDesk((desk) => desk.helpOpen);
  const showHelp = useDesk((desk) => desk.showHelp);
  if (!open) return null;
  return (
    <Dialog title={t("keys.title")} onClose={() => showHelp(false)}>
      <dl className="keys">
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${does}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
