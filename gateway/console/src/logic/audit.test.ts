import { createInstance, type TFunction } from "i18next";
import { expect, test } from "vitest";
import type { AuditEntry, PictureOf } from "../api/audit";
import en from "../i18n/en";
import zh from "../i18n/zh-CN";
import { auditSubject } from "./audit";

async function wordsOf(language: "en" | "zh-CN"): Promise<TFunction> {
  const one = createInstance();
  await one.init({ lng: language, resources: { [language]: { translation: language === "en" ? en : zh } }, interpolation: { escapeValue: false } });
  return one.t;
}

const chinese = await wordsOf("zh-CN");
const english = await wordsOf("en");
const SHA256 = "0123456789ab".padEnd(64, "c");
const clock = (time: string): string => time.slice(11, 16);

const entry = (over: Partial<AuditEntry>): AuditEntry => ({
  id: "1", at: "", who: "li", action: "picture.view", subject: SHA256, detail: "", ...over,
});
const shown = (over: Partial<PictureOf>): Partial<AuditEntry> => ({
  picture: { case: null, kind: "face", person: null, plate: null, place: "cam-1", at: "2026-03-02T08:00:00.000Z", ...over },
});

test.each([
  [shown({ person: "s-1001" }), "Passage: s-1001 · cam-1 · 08:00", "通行：s-1001 · cam-1 · 08:00"],
  [shown({ kind: "plate", plate: "京A12345" }), "Passage: 京A12345 · cam-1 · 08:00", "通行：京A12345 · cam-1 · 08:00"],
  [shown({}), "Passage: Unknown person · cam-1 · 08:00", "通行：未知人员 · cam-1 · 08:00"],
  [shown({ case: "12", kind: "watch_hit", person: "w-1" }), "Case 12: Watch-list hit · w-1 · cam-1 · 08:00", "告警 12：名单比中 · w-1 · cam-1 · 08:00"],
  [shown({ case: "12", kind: "door_forced", place: "" }), "Case 12: Door forced · 08:00", "告警 12：门被强行打开 · 08:00"],
  [shown({ kind: "", place: "gate-1" }), "Picture 0123456789ab… · gate-1 · 08:00", "图片 0123456789ab… · gate-1 · 08:00"],
  [{ picture: null }, "Picture 0123456789ab…", "图片 0123456789ab…"],
  [{}, "Picture 0123456789ab…", "图片 0123456789ab…"],
  [{ action: "people.day", subject: "s-1001" }, "s-1001", "s-1001"],
])("no entry is about a bare sha256: %o", (over, inEnglish, inChinese) => {
  expect(auditSubject(english, entry(over), clock)).toBe(inEnglish);
  expect(auditSubject(chinese, entry(over), clock)).toBe(inChinese);
});
