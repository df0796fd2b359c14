import { expect, test } from "vitest";
import en from "../i18n/en/family";
import zh from "../i18n/zh-CN/family";
import { consenting } from "./consenting";

test("what goes on although nobody said anything is neither a yes nor a no, and can be agreed to or stopped", () => {
  for (const purpose of ["notices", "evidence"] as const) {
    const shown = consenting({ purpose, state: "unsaid", going_on: true });
    expect(shown).toEqual({ words: `family.going_on_${purpose}`, tone: "family-unsaid", agree: true, stop: `family.stop_${purpose}` });
  }
});

test("what waits for a yes has nothing to take back", () => {
  for (const purpose of ["recognition", "notices"] as const) {
    const shown = consenting({ purpose, state: "unsaid", going_on: false });
    expect(shown).toEqual({ words: "family.consent_unsaid", tone: "family-unsaid", agree: true, stop: null });
  }
});

test("a yes is green and can be taken back; after a no, or at its end, there is a yes to say", () => {
  expect(consenting({ purpose: "notices", state: "given", going_on: false })).toEqual({
    words: "family.consent_given",
    tone: "family-yes",
    agree: false,
    stop: "family.take_back",
  });
  for (const state of ["refused", "ended"] as const) {
    expect(consenting({ purpose: "notices", state, going_on: false })).toMatchObject({ tone: "family-no", agree: true, stop: null });
  }
});

test("a consent to an older text can be confirmed and taken back while it holds", () => {
  const shown = consenting({ purpose: "recognition", state: "asked_again", going_on: false });
  expect(shown).toMatchObject({ tone: "family-no", agree: true, stop: "family.take_back" });
});

test("every word of it is there in both languages", () => {
  for (const purpose of ["notices", "evidence"] as const) {
    const shown = consenting({ purpose, state: "unsaid", going_on: true });
    for (const key of [shown.words, shown.stop ?? ""]) {
      const name = key.replace("family.", "");
      expect([en.family, zh.family].map((words) => typeof (words as Record<string, string>)[name])).toEqual(["string", "string"]);
    }
  }
});
