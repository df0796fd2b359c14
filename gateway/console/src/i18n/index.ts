// Sets the two languages up; Chinese unless the browser or the person asks for English.
import { changeLanguage, use } from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en";
import zh from "./zh-CN";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const OWN_NAME: Record<Language, string> = { "zh-CN": "简体中文", en: "English" };

export function preferredLanguage(asked: readonly string[]): Language {
  const chinese = asked.some((tag) => tag.toLowerCase().startsWith("zh"));
  const english = asked.some((tag) => tag.toLowerCase().startsWith("en"));
  return english && !chinese ? "en" : "zh-CN";
}

export async function startLanguages(language: Language): Promise<void> {
  await use(initReactI18next).init({
    resources: { "zh-CN": { translation: zh }, en: { translation: en } },
    lng: language,
    fallbackLng: "zh-CN",
    interpolation: { escapeValue: false }, // React escapes.
  });
  document.documentElement.lang = language;
}

export async function setLanguage(language: Language): Promise<void> {
  await changeLanguage(language);
  document.documentElement.lang = language;
}
