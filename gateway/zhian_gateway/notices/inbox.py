"""The gateway's own inbox: a place that notices really are sent to where no provider is set up.

They go over the gateway's own HTTP and through nobody else's hands: no proxy of the environment may see them.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote

import httpx
from sqlalchemy import Connection, Row, select

from ..errors import NotLoggedIn, SendFailed
from ..store.tables import inbox
from ..tokens import same

SCHEME = "inbox://"
HEADER = "X-Zhian-Inbox"


def token(key: bytes, guardian: str) -> str:
    """What a sender to `guardian`'s inbox must show; derived, so that it need not be kept."""
    return hmac.new(key, b"inbox/" + guardian.encode(), hashlib.sha256).hexdigest()


class InboxPost:
    """Sends to `inbox://guardian`; one thread uses it.

    Args:
        base: where this very gateway listens, such as `http://192.168.1.5:8080`.
        client: one that heeds no proxy of the environment (`trust_env=False`).
    """

    def __init__(self, key: bytes, base: str, client: httpx.Client) -> None:
        self._key = key
        self._base = base
        self._client = client

    def send(self, address: str, title: str, body: str) -> None:
        """As `Post` says."""
        guardian = address.removeprefix(SCHEME)
        headers = {HEADER: token(self._key, guardian)}
        url = f"{self._base}/inbox/{quote(guardian, safe='')}"
        try:
            answer = self._client.post(url, json={"title": title, "message": body}, headers=headers)
        except httpx.HTTPError as error:
            raise SendFailed(f"the inbox at {self._base}: {type(error).__name__}: {error}") from error
        if not answer.is_success:
            raise SendFailed(f"the inbox answered {answer.status_code}")


def receive(link: Connection, key: bytes, guardian: str, shown: str, *, title: str, body: str, now: str) -> None:
    """Put a notice into the inbox; NotLoggedIn with a wrong token."""
    if not same(shown, token(key, guardian)):
        raise NotLoggedIn("not the token of this inbox")
    link.execute(inbox.insert().values(guardian=guardian, title=title, body=body, received_at=now))


def latest(link: Connection, limit: int) -> list[Row[tuple[object, ...]]]:
    """What arrived, newest first."""
    return list(link.execute(select(inbox).order_by(inbox.c.id.desc()).limit(limit)))
