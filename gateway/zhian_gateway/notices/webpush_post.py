"""Sends to browsers: encrypted for each (RFC 8291), signed with the gateway's own key (RFC 8292).

A push service sees neither text nor title. What a lock screen shows names nobody, unless the site allows it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import http_ece
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02, VapidException
from sqlalchemy import RowMapping

from .. import moments
from ..config_notices import Notices
from ..store import Store
from . import subscriptions
from .exchange import judged, post
from .messages import Message
from .naming import rest
from .outcomes import Outcome, delivered, refused
from .push_hosts import PushHosts
from .subscriptions import decoded
from .texts import DISCREET, Library
from .vapid import open_key

#: A push service takes 4096 bytes, of which encryption needs 103 (RFC 8291, 4).
TEXT_MOST: Final = 1000
#: A token holds for so long; a push service refuses more than a day.
TOKEN_LASTS: Final = timedelta(hours=12)
GONE: Final = frozenset({404, 410})
#: Which outcome counts where several browsers had several: one that showed it is enough.
_ORDER: Final = ("delivered", "unsure", "later", "refused")


class WebPushPost:
    """Sends to `webpush://USER` or `webpush://carer/NUMBER`, to all their browsers; any thread may use it.

    A browser shows a second copy of a notice in place of the first, by its `tag`. A push service that is in trouble is
    left alone for a while, and the others are not.
    """

    repeatable = True

    def __init__(
        self, store: Store, settings: Notices, texts: Library, client: Callable[[], httpx.Client], clock: moments.Clock
    ) -> None:
        self._store = store
        self._settings = settings
        self._texts = texts
        self._client = client
        self._clock = clock
        self._hosts = PushHosts(settings.retry_s, settings.timeout_s, settings.channel_s)

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        if not self._settings.webpush.contact:
            return refused("Web Push needs [notices.webpush] contact")
        with self._store.read() as link:
            browsers = subscriptions.of(link, rest(address))
        if not browsers:
            return refused("no browser of this user is subscribed")
        try:
            key = open_key(self._store, moments.text(self._clock()))
            found = self._push_all(browsers, message, key)
        except VapidException:
            return refused("[notices.webpush] contact cannot be used", whole=True)
        gone = [digest for digest, outcome in found if outcome is None]
        if gone:
            with self._store.write() as link:
                subscriptions.drop(link, gone)
        return _of_all([outcome for _, outcome in found if outcome is not None])

    def _push_all(
        self, browsers: Sequence[RowMapping], message: Message, key: Vapid02
    ) -> list[tuple[str, Outcome | None]]:
        """Side by side: a service that does not answer would take its whole time before the next browser's turn."""
        with ThreadPoolExecutor(len(browsers), thread_name_prefix="push") as threads:
            found = list(threads.map(lambda browser: self._push(browser, message, key), browsers))
        return [(browser["digest"], outcome) for browser, outcome in zip(browsers, found, strict=True)]

    def _push(self, browser: RowMapping, message: Message, key: Vapid02) -> Outcome | None:
        """What became of it at one browser; None: there is no such browser any more."""
        host = urlsplit(browser["endpoint"]).netloc.lower()
        if spared := self._hosts.enter(host, self._clock()):
            return spared
        try:
            outcome = self._ask(browser, message, key)
        except Exception:
            self._hosts.leave(host, refused("a fault while it was being sent"), self._clock())
            raise
        # Also one that knows the browser no more has answered.
        found = self._hosts.leave(host, outcome or refused("gone"), self._clock())
        return found if outcome else None

    def _ask(self, browser: RowMapping, message: Message, key: Vapid02) -> Outcome | None:
        now = self._clock()
        parts = urlsplit(browser["endpoint"])
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + TOKEN_LASTS).timestamp()),
            "sub": self._settings.webpush.contact,
        }
        headers = {
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int((message.expires_at - now).total_seconds()))),
            "Urgency": "high" if message.critical else "normal",
            # A copy that was not fetched yet gives way to the next one of the same notice (RFC 8030, 5.4).
            "Topic": tag(message),
            **key.sign(claims),
        }
        body = encrypted(self._payload(message), browser["p256dh"], browser["auth"])
        answer = post(self._client(), browser["endpoint"], headers, body, most_s=self._settings.timeout_s)
        if isinstance(answer, Outcome):
            return answer
        return None if answer.status in GONE else judged(answer, now) or delivered()

    def _payload(self, message: Message) -> bytes:
        title, body = message.title, message.body
        if not self._settings.webpush.names:
            title, body = self._texts[message.language].of(DISCREET).fill(message.words)
        shown = {"title": title, "body": body[:TEXT_MOST], "tag": tag(message), "lang": message.language}
        return json.dumps(shown, ensure_ascii=False).encode()


def _of_all(outcomes: Sequence[Outcome]) -> Outcome:
    """What counts where several browsers had several."""
    if not outcomes:
        return refused("its browsers are all gone")
    best = min(outcomes, key=lambda one: (_ORDER.index(one.kind), not one.asked))
    return replace(best, asked=any(one.asked for one in outcomes))


def tag(message: Message) -> str:
    """The same for every copy of one notice: 32 characters that tell nothing."""
    return hashlib.sha256(message.key.encode()).hexdigest()[:32]


def encrypted(plain: bytes, p256dh: str, auth: str) -> bytes:
    """For one browser alone, under a key that is used once (RFC 8291)."""
    sealed: bytes = http_ece.encrypt(
        plain,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=decoded(p256dh),
        auth_secret=decoded(auth),
        version="aes128gcm",
    )
    return sealed
