// Why a notice was not sent, as far as the gateway says so itself; what a provider said stands as it is.

export const NOTICES = {
  notice_fault: "a fault while it was being sent",
  notice_no_account: "there is no such [[notices.sms]]",
  notice_secret: "the secret of [[notices.sms]] {account} cannot be read: {why}",
  notice_no_template: "[[notices.sms]] {account} has no template for {happening} ({language})",
  notice_no_late_template: "[[notices.sms]] {account} has no template for a late {happening}",
  notice_no_provider: "no provider is known for this address",
  notice_not_public: "not a public address, and [outbound] private_hosts does not name it",
  notice_no_webhook: "there is no [[notices.webhooks]] {name}",
  notice_webhook_secret: "the webhook's secret cannot be used: {why}",
  notice_unreadable: "the provider's answer cannot be read",
  notice_no_contact: "Web Push needs [notices.webpush] contact",
  notice_contact: "[notices.webpush] contact cannot be used",
  notice_browsers: "its browsers are all gone",
  notice_no_receiver: "there is no such receiver any more",
  notice_address: "the address cannot be used",
  notice_long: "the provider's answer is longer than {most} bytes",
  notice_characters: "{count} characters are more than {most}",
  notice_nowhere: "leads nowhere but to the gateway's own machine",
  notice_redirect: "{~said}: redirects are not followed",
  notice_inbox: "the inbox at {address}: {~said}",
} as const;
