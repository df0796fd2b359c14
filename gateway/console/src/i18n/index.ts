// Sets the two languages up; Chinese unless the browser or the person asks for English. Only the one in use is fetched.
import i18next, { changeLanguage, use } from "i18next";
import { initReactI18next } from "react-i18next";
import type { Catalogue } from "./zh-CN";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const OWN_NAME: Record<Language, string> = { "zh-CN": "简体中文", en: "English" };

const WORDS: Record<Language, () => Promise<{ default: Catalogue }>> = {
  "zh-CN": () => import("./zh-CN"),
  en: () => import("./en"),
};

export function preferredLanguage(asked: readonly string[]): Language {
  const chinese = asked.some((tag) => tag.toLowerCase().startsWith("zh"));
  const english = asked.some((tag) => tag.toLowerCase().startsWith("en"));
  return english && !chinese ? "en" : "zh-CN";
}

export async function startLanguages(language: Language): Promise<void> {
  const words = await WORDS[language]();
  await use(initReactI18next).init({
    resources: { [language]: { translation: words.default } },
    lng: language,
    interpolation: { escapeValue: false }, // React escapes.
  });
  document.documentElement.lang = language;
}

/** Raises when the words cannot be fetched; the language then stays what it was. */
export async function setLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", (await WORDS[language]()).default);
  }
  await changeLanguage(language);
  document.documentElement.lang = language;
}
