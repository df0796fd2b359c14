"""One POST that ends in time, whatever the other side does: a client's own time-outs begin again with every byte.

A timer shuts the connection, which wakes whoever reads from it. The connection is a new one for each POST and closed
after it: one that was kept could not be told from others, and may be closed by the other side just when it is used.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Final

import httpx

from .outbound import TRIED

#: Once it is over, what was just about to connect is shut so often.
_AGAIN_S: Final = 0.5


@contextmanager
def posted(
    client: httpx.Client, url: str, headers: Mapping[str, str], body: bytes, *, most_s: float
) -> Iterator[httpx.Response]:
    """The answer, to be read within.

    Args:
        most_s: connecting, sending and reading together take no longer (asking for the name's addresses comes on top).

    Raises:
        httpx.ReadTimeout: it did not end in time, so nobody knows whether it was taken.
        httpx.ConnectError, httpx.ConnectTimeout: nothing was sent.
        httpx.HTTPError, httpx.InvalidURL, UnicodeError: as httpx says; the last for hosts that cannot be.
    """
    once = {**headers, "Connection": "close"}
    patience = httpx.Timeout(most_s, connect=most_s / TRIED)
    with Deadline(most_s) as deadline:
        request = client.build_request(
            "POST", url, headers=once, content=body, timeout=patience, extensions={"trace": deadline.trace}
        )
        try:
            answer = client.send(request, stream=True)
            try:
                yield answer
            finally:
                answer.close()
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise
        except httpx.TransportError as error:
            deadline.check(error)
            raise
        # An answer without a length ends with its connection: shut by us, it only looks whole.
        deadline.check(None)


class Deadline:
    """Shuts the connections that it is told of once its time is over.

    Attributes:
        passed: it is.
    """

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._lock = threading.Lock()
        self._links: list[socket.socket] = []
        self.passed = False
        self._timer = threading.Timer(most_s, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for link in self._links:
                link.close()
            self._links.clear()

    def trace(self, event: str, about: Mapping[str, Any]) -> None:
        """What httpx's `trace` extension calls, at each of its steps."""
        if event != "connection.connect_tcp.complete":
            return
        self.keep(about["return_value"].get_extra_info("socket"))

    def keep(self, link: socket.socket) -> None:
        """Shut this one, too, when the time is over; it may be connected yet, or not."""
        # A duplicate shuts the same connection, and stays ours when TLS takes the first or it is closed.
        own = socket.fromfd(link.fileno(), link.family, link.type, link.proto)
        with self._lock:
            self._links.append(own)
            if self.passed:
                _shut(own)

    def check(self, cause: Exception | None) -> None:
        """ReadTimeout when the time is over."""
        if self.passed:
            raise httpx.ReadTimeout(f"it did not end within {self._most_s:g} s") from cause

    def _end(self) -> None:
        while True:
            with self._lock:
                self.passed = True
                for link in self._links:
                    _shut(link)
            # One that had not begun to connect could not be shut yet.
            if self._timer.finished.wait(_AGAIN_S):
                return


def _shut(link: socket.socket) -> None:
    # It may be over already.
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
