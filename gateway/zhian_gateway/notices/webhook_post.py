"""Sends to webhooks, signed as Standard Webhooks say (standardwebhooks.com), so that receivers need no code of ours.

`webhook-id` is the same for every try of one notice: drop what you have had. `webhook-signature` is `v1,` and the
base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`. Refuse what is more than five minutes old, so that nobody can
replay it later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Final

import httpx

from .. import moments
from ..config_notices import Notices, Webhook
from .exchange import Answer, judged, post
from .messages import Message
from .naming import rest, webhook
from .outcomes import Outcome, delivered, refused

#: How receivers are to treat the time stamp; their libraries' own default.
TOLERANCE_S: Final = 300
_PREFIX: Final = "whsec_"

#: Makes the client of one webhook: it may trust certificates of its own.
Clients = Callable[[str], httpx.Client]


def key_of(secret: str) -> bytes:
    """The key that a secret stands for: base64 after `whsec_`, else its own bytes.

    Raises:
        ValueError: after `whsec_` comes no base64.
    """
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("after whsec_ comes no base64") from error


def signature(key: bytes, message_id: str, at: int, body: bytes) -> str:
    """The value of `webhook-signature`; `at` in seconds since 1970."""
    mac = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


class WebhookPost:
    """Sends to `webhook://NAME`; any thread may use it."""

    repeatable = True

    def __init__(self, settings: Notices, clients: Clients, clock: moments.Clock) -> None:
        self._settings = settings
        self._clients = clients
        self._clock = clock

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        target = webhook(self._settings, rest(address))
        if target is None:
            return refused(f"there is no [[notices.webhooks]] {rest(address)}")
        answer = self._post(target, message)
        return (judged(answer, self._clock()) or delivered()) if isinstance(answer, Answer) else answer

    def _post(self, target: Webhook, message: Message) -> Answer | Outcome:
        body = payload(message)
        at = int(self._clock().timestamp())
        name = "msg_" + hashlib.sha256(message.key.encode()).hexdigest()[:32]
        try:
            key = key_of(target.secret())
        except (OSError, ValueError) as error:
            return refused(f"the webhook's secret cannot be used: {type(error).__name__}", whole=True)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": name,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(key, name, at, body),
        }
        client = self._clients(target.ca_file)
        return post(client, target.url, headers, body, most_s=self._settings.timeout_s)


def payload(message: Message) -> bytes:
    """What a receiver gets: `type`, `timestamp` and `data`, as Standard Webhooks propose."""
    data = {
        "title": message.title,
        "message": message.body,
        "language": message.language,
        "late": message.late,
        "critical": message.critical,
        "expires_at": moments.text(message.expires_at),
        "words": dict(message.words),
    }
    whole = {"type": f"notice.{message.happening}", "timestamp": moments.text(message.at), "data": data}
    return json.dumps(whole, ensure_ascii=False).encode()
