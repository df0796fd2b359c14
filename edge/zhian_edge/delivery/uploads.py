"""Sends pictures to the gateway, one at a time, after the receipt of their event: no crop ever delays an alert."""

from __future__ import annotations

import threading
from typing import Final

import httpx
import structlog

from .credentials import Credentials
from .http import open_client, request
from .pictures import PictureBook
from .spool import Spool

log = structlog.get_logger(__name__)

#: How often to look for pictures when nobody says that there are some.
LOOK_S: Final = 2.0


class Uploads:
    """A service (see `supervisor`): each step sends one picture, or waits a little for one."""

    name = "pictures"

    def __init__(self, url: str, credentials: Credentials, book: PictureBook, spool: Spool) -> None:
        self._url = url
        self._credentials = credentials
        self._book = book
        self._spool = spool
        self._client: httpx.Client | None = None
        self._wanted = threading.Event()

    def wake(self) -> None:
        """There may be something to send."""
        self._wanted.set()

    def open(self) -> None:
        self.close()
        self._client = open_client(self._url, self._credentials)

    def step(self) -> list[str]:
        """Send the most urgent picture; its sha256 when the gateway has it.

        Raises:
            LinkLost, LinkRefused: it stays where it is.
        """
        assert self._client is not None
        waiting = self._book.next(1)
        if not waiting:
            self._wanted.wait(LOOK_S)
            self._wanted.clear()
            return []
        sha256 = waiting[0]
        try:
            data = self._spool.path(sha256).read_bytes()
        except FileNotFoundError:
            log.warning("picture is gone", picture=sha256)
            self._book.mark([sha256], "thinned")
            return []
        answer = request(self._client, "PUT", f"/pictures/{sha256}", content=data, headers=_TYPE)
        if answer.is_success:
            self._book.mark([sha256], "sent")
            return [sha256]
        # Sending the same bytes again would only be refused again; the file stays for a person to look at.
        log.warning("picture refused", picture=sha256, status=answer.status_code, answer=answer.text[:200])
        self._book.mark([sha256], "refused")
        return []

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


_TYPE: Final = {"Content-Type": "image/jpeg"}
