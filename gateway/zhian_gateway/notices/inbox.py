"""The gateway's own inbox: a place that notices really are sent to where no provider is set up."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote

from sqlalchemy import Connection, Row, select

from ..errors import NotLoggedIn
from ..store.tables import inbox
from ..tokens import same

SCHEME = "inbox://"
HEADER = "X-Zhian-Inbox"


def token(key: bytes, guardian: str) -> str:
    """What a sender to `guardian`'s inbox must show; derived, so that it need not be kept."""
    return hmac.new(key, b"inbox/" + guardian.encode(), hashlib.sha256).hexdigest()


def address(key: bytes, port: int, url: str) -> str:
    """The apprise address of `inbox://guardian`: JSON by HTTP to this very gateway."""
    guardian = url.removeprefix(SCHEME)
    return f"json://127.0.0.1:{port}/inbox/{quote(guardian)}?+{HEADER}={token(key, guardian)}"


def receive(link: Connection, key: bytes, guardian: str, shown: str, *, title: str, body: str, now: str) -> None:
    """Put a notice into the inbox; NotLoggedIn with a wrong token."""
    if not same(shown, token(key, guardian)):
        raise NotLoggedIn("not the token of this inbox")
    link.execute(inbox.insert().values(guardian=guardian, title=title, body=body, received_at=now))


def latest(link: Connection, limit: int) -> list[Row[tuple[object, ...]]]:
    """What arrived, newest first."""
    return list(link.execute(select(inbox).order_by(inbox.c.id.desc()).limit(limit)))
