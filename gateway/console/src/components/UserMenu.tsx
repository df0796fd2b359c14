// Language, appearance, keys, and the way out.
import * as Menu from "@radix-ui/react-dropdown-menu";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/session";
import { LANGUAGES, type Language, OWN_NAME } from "../i18n";
import { routeTo } from "../logic/route";
import { useDesk } from "../state/desk";
import { go } from "../state/route";
import { useSession } from "../state/session";
import { THEMES, type Theme, useSettings } from "../state/settings";
import { Icon } from "./Icon";

export function UserMenu(): ReactElement {
  const { t } = useTranslation();
  const user = useSession((state) => state.session?.user ?? "");
  const showHelp = useDesk((desk) => desk.showHelp);
  const leave = useLeave();
  return (
    // Not modal: a modal menu writes a style sheet into the page, which the security policy forbids.
    <Menu.Root modal={false}>
      <Menu.Trigger className="user" aria-label={t("menu.open", { user })}>
        <Icon name="user" />
        <span>{user}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={6}>
          <LanguageChoice />
          <Menu.Separator className="menu-line" />
          <ThemeChoice />
          <Menu.Separator className="menu-line" />
          <Menu.Item className="menu-item" onSelect={() => showHelp(true)}>
            {t("menu.help")} <kbd>?</kbd>
          </Menu.Item>
          <Menu.Item className="menu-item" onSelect={() => go(routeTo("account"))}>
            {t("menu.account")}
          </Menu.Item>
          <Menu.Item className="menu-item" onSelect={leave}>
            {t("menu.sign_out")}
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}

function LanguageChoice(): ReactElement {
  const { t } = useTranslation();
  const { language, chooseLanguage } = useSettings();
  return (
    <Menu.RadioGroup value={language} onValueChange={(value) => chooseLanguage(value as Language)}>
      <Menu.Label className="menu-label">{t("menu.language")}</Menu.Label>
      {LANGUAGES.map((item) => (
        <Menu.RadioItem key={item} value={item} className="menu-item" lang={item}>
          {OWN_NAME[item]}
          <Menu.ItemIndicator>
            <Icon name="check" />
          </Menu.ItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

function ThemeChoice(): ReactElement {
  const { t } = useTranslation();
  const { theme, chooseTheme } = useSettings();
  return (
    <Menu.RadioGroup value={theme} onValueChange={(value) => chooseTheme(value as Theme)}>
      <Menu.Label className="menu-label">{t("menu.theme")}</Menu.Label>
      {THEMES.map((item) => (
        <Menu.RadioItem key={item} value={item} className="menu-item">
          {t(`menu.theme_${item}`)}
          <Menu.ItemIndicator>
            <Icon name="check" />
          </Menu.ItemIndicator>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

/** Leaves even when the gateway does not answer: whoever goes must not stay signed in on this screen. */
function useLeave(): () => void {
  const left = useSession((state) => state.left);
  return () => void signOut().then(left, left);
}
