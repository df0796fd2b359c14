// Why a notice is where it is, in the page's language; what a provider said itself is shown as it is.
import type { TFunction } from "i18next";

const QUIET = /^quiet hours until (\d\d:\d\d)$/;
const ANSWERED = /^answered (\d{3})(: .+)?$/;
const TOO_OLD = /^too old to be of use(?:: (.+))?$/;
const CERTIFICATE = /^the provider's certificate is wrong: (.+)$/;

export function noticeReason(t: TFunction, said: string): string {
  const quiet = QUIET.exec(said);
  if (quiet?.[1] !== undefined) return t("notice_reason.quiet", { until: quiet[1] });
  const answered = ANSWERED.exec(said);
  if (answered?.[1] !== undefined) return t("notice_reason.answered", { status: answered[1] }) + (answered[2] ?? "");
  const wrong = CERTIFICATE.exec(said);
  if (wrong?.[1] !== undefined) return t("notice_reason.certificate", { detail: wrong[1] });
  const old = TOO_OLD.exec(said);
  if (old !== null) {
    const before = old[1] === undefined ? "" : noticeReason(t, old[1]);
    return before === "" ? t("notice_reason.too_old") : t("notice_reason.too_old_after", { before });
  }
  if (said.startsWith("no answer")) return t("notice_reason.no_answer");
  if (said.startsWith("not reached")) return t("notice_reason.not_reached");
  if (said === "taken back before it was sent") return t("notice_reason.taken_back");
  if (said === "acknowledged before it was sent") return t("notice_reason.acknowledged");
  if (said === "the consent to notices ended before it was sent") return t("notice_reason.no_consent");
  if (said === "whom it names was erased before it was sent") return t("notice_reason.erased");
  if (said === "no browser of this user is subscribed") return t("notice_reason.no_browser");
  if (said === "the gateway was stopped while it was being sent") return t("notice_reason.stopped");
  return said;
}
