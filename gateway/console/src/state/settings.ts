// What a person chose for this screen: language and appearance, kept in the browser.
import { create } from "zustand";
import { type Language, LANGUAGES, preferredLanguage, setLanguage } from "../i18n";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const LANGUAGE_KEY = "zhian.language";
const THEME_KEY = "zhian.theme";

interface Settings {
  language: Language;
  theme: Theme;
  chooseLanguage(language: Language): void;
  chooseTheme(theme: Theme): void;
}

/** The stored choice, if the page still knows it. */
function stored<T extends string>(key: string, known: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(key);
  return known.find((item) => item === value) ?? otherwise;
}

export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export const useSettings = create<Settings>()((set) => ({
  language: stored(LANGUAGE_KEY, LANGUAGES, preferredLanguage(navigator.languages)),
  theme: stored(THEME_KEY, THEMES, "system"),
  chooseLanguage(language) {
    localStorage.setItem(LANGUAGE_KEY, language);
    void setLanguage(language);
    set({ language });
  },
  chooseTheme(theme) {
    localStorage.setItem(THEME_KEY, theme);
    applyTheme(theme);
    set({ theme });
  },
}));
