"""Who answers a byte at a time holds nobody longer than he was given."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
import pytest
from zhian_gateway.deadline import posted
from zhian_gateway.notices.apprise_post import ApprisePost
from zhian_gateway.notices.exchange import post
from zhian_gateway.notices.messages import Message
from zhian_gateway.notices.outcomes import Outcome

HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def dripping(start: bytes, drip: bytes) -> Iterator[str]:
    """A server that says `start`, and then `drip` until nobody listens any more."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            link, _ = door.accept()
            with link:
                try:
                    link.recv(65536)
                    link.sendall(start)
                    while not over.wait(0.1):
                        link.sendall(drip)
                except OSError:
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        finally:
            over.set()
            thread.join()


#: In the headers; in a body with a length; in a body that ends with its connection.
DRIPS = [(HEAD, b"X: y\r\n"), (HEAD + b"Content-Length: 1000\r\n\r\n", b"x"), (HEAD + b"\r\n", b"x")]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("start", "drip"), DRIPS)
def test_an_answer_that_drips_ends_in_time_and_is_none(start: bytes, drip: bytes) -> None:
    with (
        httpx.Client(trust_env=False) as client,
        dripping(start, drip) as url,
        pytest.raises(httpx.ReadTimeout, match="within 1 s"),
        posted(client, url, {}, b"", most_s=1) as got,
    ):
        got.read()


@pytest.mark.timeout(20)
def test_a_notice_whose_answer_drips_in_its_headers_is_unsure() -> None:
    with httpx.Client(trust_env=False) as client, dripping(*DRIPS[0]) as url:
        found = post(client, url, {}, b"", most_s=0.5)
    assert isinstance(found, Outcome)
    assert (found.kind, found.reason) == ("unsure", "no answer: ReadTimeout")


@pytest.mark.timeout(60)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("start", "drip"), DRIPS)
def test_a_provider_of_apprise_that_drips_its_answer_holds_nobody_either(start: bytes, drip: bytes) -> None:
    now = datetime.now(UTC)
    message = Message(key="k", title="t", body="b", happening="x", language="en", at=now, expires_at=now)
    with dripping(start, drip) as url:
        found = ApprisePost(("127.0.0.1",), timeout_s=1).send(url.replace("http://", "json://"), message)
    assert (found.kind, found.reason) == ("unsure", "no answer: it did not end within 1 s")
