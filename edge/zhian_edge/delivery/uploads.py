"""Sends pictures to the gateway, one at a time, after the receipt of their event: no crop ever delays an alert."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Final

import httpx
import structlog

from .credentials import Credentials
from .http import open_client, request
from .pictures import PictureBook
from .precedence import Precedence
from .spool import Spool

log = structlog.get_logger(__name__)

#: How often to look for pictures when nobody says that there are some.
LOOK_S: Final = 2.0
#: Bytes of a picture that are on their way at once: whatever waits before a slow line is ahead of the next alert, and
#: this much is an eighth of a second at 512 kbit/s. A round trip of 200 ms still leaves 40 kB/s, one of 20 ms 400.
UNDERWAY: Final = 8192
#: Before each piece it is asked whether an alert goes first.
PIECE: Final = 4096


class Uploads:
    """A service (see `supervisor`): each step sends one picture, or waits a little for one."""

    name = "pictures"

    def __init__(
        self, url: str, credentials: Credentials, book: PictureBook, spool: Spool, precedence: Precedence
    ) -> None:
        """Nothing is sent while `precedence` is another's."""
        self._url = url
        self._precedence = precedence
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
        self._client = open_client(self._url, self._credentials, _SOCKETS)

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
        headers = {"Content-Type": "image/jpeg", "Content-Length": str(len(data))}
        answer = request(self._client, "PUT", f"/pictures/{sha256}", content=self._pieces(data), headers=headers)
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

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        for place in range(0, len(data), PIECE):
            self._precedence.give_way()
            yield data[place : place + PIECE]


_SOCKETS: Final = ((socket.SOL_SOCKET, socket.SO_SNDBUF, UNDERWAY),)
