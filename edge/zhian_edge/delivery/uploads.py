"""Sends pictures to the gateway, one at a time, after the receipt of their event: no crop ever delays an alert."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import structlog

from zhian_edge.errors import LinkLost, LinkRefused

from .credentials import Credentials
from .http import code_of, open_client, request
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
#: What the gateway calls a picture that it will never take.
NEVER: Final = frozenset({"bad_picture", "too_big"})
#: An answer that is not the gateway's own (a proxy's 413 or 404) is a person's to mend; the others go on meanwhile.
FIRST_S: Final = 30.0
LONGEST_S: Final = 3600.0
#: So many wait for their next try; where every answer is such a one, none of them is better off than the others.
MOST_LATER: Final = 100


class Later:
    """Pictures that are tried again later, each after twice as long as before."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._due: dict[str, tuple[float, float]] = {}

    def __len__(self) -> int:
        return len(self._due)

    def put(self, sha256: str) -> None:
        """It was tried in vain."""
        _, delay = self._due.pop(sha256, (0.0, FIRST_S / 2))
        delay = min(2 * delay, LONGEST_S)
        if len(self._due) >= MOST_LATER:
            del self._due[next(iter(self._due))]
        self._due[sha256] = self._now() + delay, delay

    def holds(self, sha256: str) -> bool:
        """Whether it is not to be tried yet."""
        return sha256 in self._due and self._now() < self._due[sha256][0]

    def done(self, sha256: str) -> None:
        """It needs no further try."""
        self._due.pop(sha256, None)


class Uploads:
    """A service (see `supervisor`): each step sends one picture, or waits a little for one."""

    name = "pictures"

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        book: PictureBook,
        spool: Spool,
        precedence: Precedence,
        *,
        later: Later | None = None,
        behind: Later | None = None,
    ) -> None:
        """Nothing is sent while `precedence` is another's."""
        self._later = Later() if later is None else later
        #: On which the line or the gateway stumbled (403, 502): the others go first, since it may be this one's fault.
        self._behind = Later() if behind is None else behind
        #: Pictures that the gateway said it will never take, since the program began.
        self.refused = 0
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
        looked = self._book.next(1 + len(self._later) + len(self._behind))
        waiting = sorted((each for each in looked if not self._later.holds(each)), key=self._behind.holds)
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
            self._done(sha256)
            return []
        headers = {"Content-Type": "image/jpeg", "Content-Length": str(len(data))}
        try:
            answer = request(self._client, "PUT", f"/pictures/{sha256}", content=self._pieces(data), headers=headers)
        except (LinkLost, LinkRefused):
            self._behind.put(sha256)
            raise
        return self._answered(sha256, answer)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _answered(self, sha256: str, answer: httpx.Response) -> list[str]:
        """Only the gateway's own word lets a picture go."""
        if _has(answer, sha256):
            self._book.mark([sha256], "sent")
            self._done(sha256)
            return [sha256]
        if code_of(answer) in NEVER:
            # Sending the same bytes again would only be refused again; the file stays for a person to look at.
            log.warning("picture refused", picture=sha256, status=answer.status_code, answer=answer.text[:200])
            self._book.mark([sha256], "refused")
            self._done(sha256)
            self.refused += 1
            return []
        self._later.put(sha256)
        raise LinkLost(f"{self._url}: a picture was answered {answer.status_code}, not as the gateway does")

    def _done(self, sha256: str) -> None:
        self._later.done(sha256)
        self._behind.done(sha256)

    def _pieces(self, data: bytes) -> Iterator[bytes]:
        for place in range(0, len(data), PIECE):
            self._precedence.give_way()
            yield data[place : place + PIECE]


_SOCKETS: Final = ((socket.SOL_SOCKET, socket.SO_SNDBUF, UNDERWAY),)


def _has(answer: httpx.Response, sha256: str) -> bool:
    """Whether the gateway says that it has this picture; a page of something between says nothing of it."""
    try:
        return answer.is_success and bool(answer.json()["sha256"] == sha256)
    except (ValueError, KeyError, TypeError):
        return False
