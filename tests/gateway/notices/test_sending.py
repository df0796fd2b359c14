"""Every notice ends in a state that can be seen, and goes to a server that really answers."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select
from support.events import event, passage
from support.gateway import HttpOnly
from support.notices import enrol, the_only, work_off
from zhian_gateway.notices.apprise_post import ApprisePost, judged
from zhian_gateway.notices.messages import Message
from zhian_gateway.rules.situation import Known, Situation
from zhian_gateway.services import Services
from zhian_gateway.store.tables import inbox
from zhian_wire import times

# apprise loads all its providers at once, some by modules that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Provider:
    """A provider that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[bytes] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                provider.got.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(provider.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def queue(parts: Services, address: str, **about: Any) -> None:
    """One notice, of a passage that happens now."""
    opaque = enrol(parts, address, **about)
    seen = passage(person_id=opaque)
    case = Situation(1, event(seen, at=parts.clock()), parts.config.rules, person=Known(opaque))
    with parts.store.write() as link:
        parts.desk.write(link, case, seen, "arrival", parts.now())


def test_a_notice_reaches_the_inbox(http: HttpOnly, parts: Services) -> None:
    queue(parts, "inbox://parents")
    work_off(parts, http.url)
    assert (the_only(parts).state, the_only(parts).channel) == ("sent", "inbox")
    with parts.store.read() as link:
        item = link.execute(select(inbox)).one()
    assert (item.guardian, item.title) == ("parents", "小明 已到达")
    assert "16:00:00 进入第一小学" in item.body


def test_an_inbox_that_does_not_answer_is_tried_again(parts: Services) -> None:
    queue(parts, "inbox://parents")
    work_off(parts)
    found = the_only(parts)
    assert (found.state, found.tries) == ("queued", 1)
    assert "the inbox at http://127.0.0.1:1" in found.error


def test_a_notice_is_sent_once(parts: Services, provider: Provider) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    assert [work_off(parts), work_off(parts)] == [1, 0]
    assert len(provider.got) == 1


@pytest.mark.parametrize("status", [500, 429])
def test_a_provider_in_trouble_is_tried_again_later_and_then_given_up(
    parts: Services, provider: Provider, clock: Any, status: int
) -> None:
    provider.status = status
    queue(parts, f"json://user:geheim@127.0.0.1:{provider.port}/x")
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).tries) == ("queued", 1)
    assert work_off(parts) == 0
    for _ in range(20):
        clock.forward(200)
        work_off(parts)
    found = the_only(parts)
    assert (found.state, found.tries) == ("failed", parts.config.notices.most_tries)
    assert found.error
    assert "geheim" not in found.error


def test_a_provider_that_refuses_is_not_asked_again(parts: Services, provider: Provider) -> None:
    provider.status = 403
    queue(parts, f"json://user:geheim@127.0.0.1:{provider.port}/x")
    work_off(parts)
    assert (the_only(parts).state, len(provider.got)) == ("failed", 1)
    assert "geheim" not in the_only(parts).error


def test_a_provider_of_apprise_that_is_not_there_is_told_apart_from_one_that_does_not_answer(parts: Services) -> None:
    queue(parts, "json://127.0.0.1:1/x")
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error.split(":")[0]) == ("queued", "not reached")
    mute = [(logging.WARNING, "A Connection error occurred sending JSON"), (logging.DEBUG, "Read timed out.")]
    assert judged(mute).kind == "unsure"
    wrong = [(logging.DEBUG, "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed (_ssl.c:1006)")]
    assert (judged(wrong).kind, judged(wrong).reason) == ("refused", "the provider's certificate is wrong: self-signed")


def test_a_provider_that_recovers_gets_it(parts: Services, provider: Provider, clock: Any) -> None:
    provider.status = 500
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    work_off(parts)
    provider.status = 200
    clock.forward(10)
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("sent", "")


def test_a_late_notice_says_so(parts: Services, provider: Provider, clock: Any) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    clock.forward(parts.config.notices.late_s + 1)
    work_off(parts)
    assert the_only(parts).body.startswith("【迟到的通知】以下情况发生于 2026-03-02 16:00：")


def test_a_notice_that_is_too_old_is_not_sent_and_shown_as_expired(
    parts: Services, provider: Provider, clock: Any
) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    clock.forward(parts.config.notices.expire_s)
    work_off(parts)
    assert the_only(parts).state == "expired"
    assert provider.got == []


def test_an_address_of_no_provider_is_a_failure_that_is_told(parts: Services) -> None:
    queue(parts, "nonsense://x")
    work_off(parts)
    assert (the_only(parts).state, the_only(parts).error) == ("failed", "no provider is known for this address")


def test_times_are_local(parts: Services) -> None:
    assert times.to_text(parts.clock()) == "2026-03-02T08:00:00.000Z"
    queue(parts, "inbox://parents")
    assert "16:00:00" in the_only(parts).body


@pytest.mark.parametrize(
    "address", ["json://192.168.1.1/x", "jsons://10.0.0.1/x", "ntfy://[::1]/x", "json://localhost/"]
)
def test_apprise_asks_no_server_in_our_own_network_that_the_site_does_not_name(address: str) -> None:
    message = Message(key="k", title="t", body="b", happening="x", language="en", at=NOW, expires_at=NOW)
    assert ApprisePost().send(address, message).reason.startswith("not a public address")
