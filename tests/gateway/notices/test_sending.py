"""Every notice ends in a state that can be seen, and goes to a server that really answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import event, passage
from support.gateway import HttpOnly
from support.people import ground, person_file, some_face
from zhian_gateway.errors import SendFailed
from zhian_gateway.notices.apprise_post import ApprisePost
from zhian_gateway.notices.inbox import InboxPost
from zhian_gateway.notices.queueing import Desk
from zhian_gateway.notices.sending import Posts, Sender
from zhian_gateway.rules.situation import Known, Situation
from zhian_gateway.services import Services
from zhian_gateway.store.tables import inbox, notices, people
from zhian_wire import times

# apprise loads all its providers at once, some by modules that Python is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


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
    with parts.store.write() as link:
        parts.registry.enrol(
            link,
            "a",
            person_file(guardians=[address], name="小明", **about),
            ground(),
            some_face(),
            who="t",
            now=parts.now(),
        )
        opaque = link.execute(select(people.c.opaque)).scalar_one()
        seen = passage(person_id=opaque)
        case = Situation(1, event(seen, at=parts.clock()), parts.config.rules, person=Known(opaque))
        Desk(parts.config).write(link, case, seen, "arrival", parts.now())


def sender(parts: Services) -> Sender:
    """To providers, and to an inbox where nobody listens."""
    return to_inbox(parts, "http://127.0.0.1:1", httpx.Client(trust_env=False))


def to_inbox(parts: Services, url: str, client: httpx.Client) -> Sender:
    own = InboxPost(parts.store.key, url, client)
    return Sender(parts.store, Posts(own, ApprisePost()), parts.config, parts.clock)


def the_notice(parts: Services) -> Any:
    with parts.store.read() as link:
        return link.execute(select(notices)).one()


def test_a_notice_reaches_the_inbox(http: HttpOnly, parts: Services) -> None:
    queue(parts, "inbox://parents")
    with httpx.Client(trust_env=False) as client:
        to_inbox(parts, http.url, client).step()
    assert (the_notice(parts).state, the_notice(parts).channel) == ("sent", "inbox")
    with parts.store.read() as link:
        item = link.execute(select(inbox)).one()
    assert (item.guardian, item.title) == ("parents", "小明 已到达")
    assert "16:00:00 进入第一小学" in item.body


def test_an_inbox_that_does_not_answer_is_tried_again(parts: Services) -> None:
    queue(parts, "inbox://parents")
    sender(parts).step()
    found = the_notice(parts)
    assert (found.state, found.tries) == ("queued", 1)
    assert "the inbox at http://127.0.0.1:1" in found.error


def test_a_notice_is_sent_once(parts: Services, provider: Provider) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    working = sender(parts)
    assert [working.step(), working.step()] == [1, 0]
    assert len(provider.got) == 1


@pytest.mark.parametrize("status", [500, 429, 403])
def test_a_provider_that_refuses_is_tried_again_later_and_then_given_up(
    parts: Services, provider: Provider, clock: Any, status: int
) -> None:
    provider.status = status
    queue(parts, f"json://user:geheim@127.0.0.1:{provider.port}/x")
    working = sender(parts)
    working.step()
    assert (the_notice(parts).state, the_notice(parts).tries) == ("queued", 1)
    assert working.step() == 0
    for _ in range(20):
        clock.forward(200)
        working.step()
    found = the_notice(parts)
    assert (found.state, found.tries) == ("failed", parts.config.notices.most_tries)
    assert found.error
    assert "geheim" not in found.error


def test_a_provider_that_recovers_gets_it(parts: Services, provider: Provider, clock: Any) -> None:
    provider.status = 500
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    working = sender(parts)
    working.step()
    provider.status = 200
    clock.forward(10)
    working.step()
    assert (the_notice(parts).state, the_notice(parts).error) == ("sent", "")


def test_a_late_notice_says_so(parts: Services, provider: Provider, clock: Any) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    clock.forward(parts.config.notices.late_s + 1)
    sender(parts).step()
    assert the_notice(parts).body.startswith("【迟到的通知】以下情况发生于 2026-03-02 16:00：")


def test_a_notice_that_is_too_old_is_not_sent_and_shown_as_expired(
    parts: Services, provider: Provider, clock: Any
) -> None:
    queue(parts, f"json://127.0.0.1:{provider.port}/x")
    clock.forward(parts.config.notices.expire_s)
    sender(parts).step()
    assert the_notice(parts).state == "expired"
    assert provider.got == []


def test_an_address_of_no_provider_is_a_failure_that_is_told() -> None:
    with pytest.raises(SendFailed, match="no provider"):
        ApprisePost().send("nonsense://x", "t", "b")


def test_times_are_local(parts: Services) -> None:
    assert times.to_text(parts.clock()) == "2026-03-02T08:00:00.000Z"
    queue(parts, "inbox://parents")
    assert "16:00:00" in the_notice(parts).body
