// The pages' texts in one language, without a page.
import { createInstance, type TFunction } from "i18next";
import en from "../i18n/en";
import zh from "../i18n/zh-CN";

export async function wordsOf(language: "en" | "zh-CN"): Promise<TFunction> {
  const one = createInstance();
  await one.init({ lng: language, resources: { [language]: { translation: language === "en" ? en : zh } }, interpolation: { escapeValue: false } });
  return one.t;
}
