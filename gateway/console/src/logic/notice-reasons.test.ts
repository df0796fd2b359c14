// Reasons of the gateway's own are translated; a provider's words are left alone.
import { expect, test } from "vitest";
import type { TFunction } from "i18next";
import { noticeReason } from "./notice-reasons";

const t = ((key: string, values?: Record<string, string>) =>
  [key.replace("notice_reason.", ""), ...Object.values(values ?? {})].join(" ")) as unknown as TFunction;

test.each([
  ["quiet hours until 06:00", "quiet 06:00"],
  ["answered 503", "answered 503"],
  ["answered 550: 5.1.1 no such user", "answered 550: 5.1.1 no such user"],
  ["taken back before it was sent", "taken_back"],
  ["the consent to notices ended before it was sent", "no_consent"],
  ["whom it names was erased before it was sent", "erased"],
  ["no answer: ReadTimeout", "no_answer"],
  ["not reached: ConnectError", "not_reached"],
  ["too old to be of use", "too_old"],
  ["too old to be of use: answered 500", "too_old_after answered 500"],
  ["the provider's certificate is wrong: self-signed certificate", "certificate self-signed certificate"],
  ["isv.MOBILE_NUMBER_ILLEGAL: 手机号码格式错误", "isv.MOBILE_NUMBER_ILLEGAL: 手机号码格式错误"],
])("%s", (said, shown) => {
  expect(noticeReason(t, said)).toBe(shown);
});
