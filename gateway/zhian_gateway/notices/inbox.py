"""The gateway's own inbox: a place that notices really are sent to where no provider is set up.

They go over the gateway's own HTTP and through nobody else's hands: no proxy of the environment may see them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final
from urllib.parse import quote

import httpx
from sqlalchemy import ColumnElement, Connection, Row, select, true

from .. import moments
from ..errors import NotLoggedIn
from ..store.tables import inbox, notices
from ..tokens import same
from .exchange import Answer, judged, post
from .messages import Message
from .naming import rest
from .outcomes import Outcome, delivered

HEADER: Final = "X-Zhian-Inbox"
KEY_HEADER: Final = "Idempotency-Key"
#: So many are looked through at once.
PAGE: Final = 500


def token(key: bytes, guardian: str) -> str:
    """What a sender to `guardian`'s inbox must show; derived, so that it need not be kept."""
    return hmac.new(key, b"inbox/" + guardian.encode(), hashlib.sha256).hexdigest()


def key_of(notice: str) -> str:
    """What the inbox keeps of a notice's key, so that what came twice is shown once."""
    return hashlib.sha256(notice.encode()).hexdigest()


class InboxPost:
    """Sends to `inbox://guardian`; any thread may use it.

    Args:
        base: where this very gateway listens, such as `http://192.168.1.5:8080`.
        client: one that heeds no proxy of the environment (`trust_env=False`).
    """

    repeatable = True

    def __init__(self, key: bytes, base: str, client: httpx.Client, clock: moments.Clock, timeout_s: float) -> None:
        self._key = key
        self._base = base
        self._client = client
        self._clock = clock
        self._timeout_s = timeout_s

    def send(self, address: str, message: Message) -> Outcome:
        """As the protocol says."""
        guardian = rest(address)
        headers = {
            HEADER: token(self._key, guardian),
            KEY_HEADER: key_of(message.key),
            "Content-Type": "application/json",
        }
        body = json.dumps({"title": message.title, "message": message.body}).encode()
        url = f"{self._base}/inbox/{quote(guardian, safe='')}"
        answer = post(self._client, url, headers, body, most_s=self._timeout_s)
        if isinstance(answer, Answer):
            return judged(answer, self._clock()) or delivered()
        return Outcome(answer.kind, f"the inbox at {self._base}: {answer.reason}", answer.after_s, answer.whole)


def receive(link: Connection, guardian: str, *, title: str, body: str, now: str, key: str | None = None) -> None:
    """Put a notice into the inbox, unless it is there."""
    if key is not None and link.execute(select(inbox.c.id).where(inbox.c.key == key)).first() is not None:
        return
    link.execute(inbox.insert().values(guardian=guardian, title=title, body=body, received_at=now, key=key))


def check(secret: bytes, guardian: str, shown: str) -> None:
    """NotLoggedIn for who shows a wrong token."""
    if not same(shown, token(secret, guardian)):
        raise NotLoggedIn("not the token of this inbox")


def latest(link: Connection, limit: int, *, before: int | None = None) -> list[Row[tuple[object, ...]]]:
    """What arrived, newest first; before that number."""
    older = inbox.c.id < before if before is not None else true()
    return list(link.execute(select(inbox).where(older).order_by(inbox.c.id.desc()).limit(limit)))


def latest_of(
    link: Connection, shown: ColumnElement[bool], limit: int, *, before: int | None = None
) -> list[Row[tuple[object, ...]]]:
    """As `latest`, but only what arrived of the notices that are `shown`.

    An inbox is a guardian's, who may have children in several classes: what tells whom it is about is its notice.
    """
    theirs = {
        key_of(key) for key in link.execute(select(notices.c.key).where(shown, notices.c.key.is_not(None))).scalars()
    }
    found: list[Row[tuple[object, ...]]] = []
    while len(found) < limit and (rows := latest(link, PAGE, before=before)):
        found += [row for row in rows if row.key in theirs]
        before = rows[-1].id
    return found[:limit]
