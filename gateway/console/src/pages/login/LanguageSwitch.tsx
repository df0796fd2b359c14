// The page's language, for who has not signed in.
import type { ReactElement } from "react";
import { LANGUAGES, OWN_NAME } from "../../i18n";
import { useSettings } from "../../state/settings";

export function LanguageSwitch(): ReactElement {
  const { language, chooseLanguage } = useSettings();
  return (
    <div className="login-languages">
      {LANGUAGES.map((item) => (
        <button
          key={item}
          type="button"
          lang={item}
          className="button button-plain"
          aria-pressed={item === language}
          onClick={() => chooseLanguage(item)}
        >
          {OWN_NAME[item]}
        </button>
      ))}
    </div>
  );
}
