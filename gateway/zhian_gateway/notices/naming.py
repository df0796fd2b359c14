"""What stands in an address: the scheme, and behind which provider a notice for it waits. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ..config_notices import Notices, Sms, Webhook
from .lines import Limit

INBOX: Final = "inbox"
SMS: Final = "sms"
WEBHOOK: Final = "webhook"
WEBPUSH: Final = "webpush"
OURS: Final = frozenset({INBOX, SMS, WEBHOOK, WEBPUSH})
#: Schemes of apprise of which each server has a line of its own; others wait in one line by scheme. It decides nothing
#: but who waits behind whom: what may be asked is `apprise_post.py`'s.
OWN_SERVERS: Final = frozenset(
    {"json", "xml", "form", "mailto", "ntfy", "gotify", "matrix", "bark", "rocket", "mmost", "nctalk", "hassio", "mqtt"}
)


class SmsPlace(NamedTuple):
    """A number at a provider; an empty name is the first one's."""

    provider: str
    number: str


def scheme(address: str) -> str:
    """What stands before `://`."""
    return address.partition("://")[0]


def rest(address: str) -> str:
    """What stands after it."""
    return address.partition("://")[2].strip("/")


def sms_place(address: str) -> SmsPlace:
    """Provider and number of `sms://+86...` or `sms://NAME/+86...`."""
    provider, _, number = rest(address).rpartition("/")
    return SmsPlace(provider, number)


def sms_account(settings: Notices, name: str) -> Sms | None:
    """The account of that name; the first one where none is named."""
    return next((one for one in settings.sms if name in ("", one.name)), None)


def webhook(settings: Notices, name: str) -> Webhook | None:
    """The webhook of that name."""
    return next((one for one in settings.webhooks if one.name == name), None)


def line_of(address: str, settings: Notices) -> str:
    """The provider behind an address: who is slow there holds up nobody else."""
    kind = scheme(address)
    if kind == SMS:
        account = sms_account(settings, sms_place(address).provider)
        return f"{SMS}:{account.name if account else ''}"
    if kind == WEBHOOK:
        return f"{WEBHOOK}:{rest(address)}"
    if kind in (INBOX, WEBPUSH):
        return kind
    if on_own_server(address):
        return f"{kind}:{_server(address)}"
    return kind


def on_own_server(address: str) -> bool:
    """Whether the server in the address has a line of its own."""
    kind = scheme(address)
    return kind in OWN_SERVERS or kind.removesuffix("s") in OWN_SERVERS


def _server(address: str) -> str:
    """Host and port, without whoever logs in there."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def limit_of(line: str, settings: Notices) -> Limit:
    """What a provider is burdened with."""
    kind, _, name = line.partition(":")
    own = sms_account(settings, name) if kind == SMS else webhook(settings, name) if kind == WEBHOOK else None
    at_once = own.at_once if own else None
    per_minute = own.per_minute if own else None
    return Limit(at_once or settings.at_once, per_minute or settings.per_minute)


def fault(address: str, settings: Notices) -> str | None:
    """Why nothing can be sent to an address, in words; None where it can, as far as we know."""
    kind = scheme(address)
    if kind == SMS:
        place = sms_place(address)
        digits = place.number.removeprefix("+")
        if not (place.number.startswith("+") and digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 15):
            return "is no number such as sms://+8613800138000"
        if sms_account(settings, place.provider) is None:
            return f"there is no [[notices.sms]] {place.provider}".rstrip()
    if kind == WEBHOOK and webhook(settings, rest(address)) is None:
        return f"there is no [[notices.webhooks]] {rest(address)}"
    if kind == WEBPUSH and not settings.webpush.contact:
        return "Web Push needs [notices.webpush] contact"
    return None
