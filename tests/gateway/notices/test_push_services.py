"""A push service that cannot be reached delays nobody whose browser has another one."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from support.notices import enrol, every, sending, settle, tell, the_only
from support.providers import Provider
from zhian_gateway import outbound
from zhian_gateway.notices import subscriptions, webpush_post
from zhian_gateway.notices.exchange import Answer
from zhian_gateway.notices.outcomes import delivered, later, refused
from zhian_gateway.notices.push_hosts import PushHosts
from zhian_gateway.services import Services

Site = Callable[..., Services]
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DEAD = "https://localhost:1"


def subscribe(parts: Services, user: str, *endpoints: str) -> None:
    key = (
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    keys = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (key, bytes(16))]
    parts.accounts.add(user, "guard", None, who="t")
    with parts.store.write() as link:
        for endpoint in endpoints:
            subscriptions.subscribe(link, user, endpoint, keys[0], keys[1], site=parts.site, now=parts.now())


@pytest.fixture(autouse=True)
def trusting(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Push services' certificates are signed by the usual authorities; here, by the test's."""
    monkeypatch.setenv("SSL_CERT_FILE", str(provider.ca_file))
    monkeypatch.setattr(outbound, "_trusting", outbound._trusting.__wrapped__)


def test_who_has_a_push_service_that_is_well_does_not_wait_for_one_that_is_not_reached(
    site: Site, provider: Provider
) -> None:
    parts = site("at_once = 1")
    for number in range(4):
        subscribe(parts, f"p{number}", f"{DEAD if number < 3 else provider.url}/push/{number}")
        tell(parts, enrol(parts, f"webpush://p{number}", person=f"x{number}"), key=f"k{number}")
    with sending(parts) as sender:
        settle(sender)
    rows = every(parts)
    assert [row.state for row in rows] == ["queued", "queued", "queued", "sent"]
    # One alone asked; the others were spared, which is no try of theirs.
    assert [(row.tries, len(json.loads(row.history))) for row in rows] == [(1, 1), (0, 0), (0, 0), (1, 1)]
    assert {row.error for row in rows[:3]} == {"not reached: ConnectError"}


def test_a_push_service_that_is_back_gets_everything(site: Site, provider: Provider, clock: Any) -> None:
    parts = site()
    provider.answers({"*": "500"})
    for number in range(3):
        subscribe(parts, f"p{number}", f"{provider.url}/push/{number}")
        tell(parts, enrol(parts, f"webpush://p{number}", person=f"x{number}"), key=f"k{number}")
    with sending(parts) as sender:
        for _ in range(20):
            settle(sender)
            clock.forward(5)
        assert {row.state for row in every(parts)} == {"queued"}
        provider.answers({"*": "ok"})
        for _ in range(40):
            settle(sender)
            clock.forward(5)
    assert {row.state for row in every(parts)} == {"sent"}


@pytest.mark.timeout(60)
def test_the_browsers_of_one_user_are_asked_side_by_side(
    site: Site, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts, together = site(), threading.Barrier(3)

    def post(*_: Any, **__: Any) -> Answer:
        together.wait(20)
        return Answer(201, {}, b"")

    monkeypatch.setattr(webpush_post, "post", post)
    subscribe(parts, "mother", *(f"{provider.url}/push/{number}" for number in range(3)))
    tell(parts, enrol(parts, "webpush://mother"))
    with sending(parts) as sender:
        settle(sender)
    assert the_only(parts).state == "sent"


def test_web_push_is_in_trouble_as_a_whole_only_where_no_service_takes_anything_for_long() -> None:
    hosts, trouble = PushHosts(5, 10, patience_s=120), later("not reached", whole=True)
    moment = NOW

    def ask(host: str, outcome: Any) -> bool:
        assert hosts.enter(host, moment) is None
        return hosts.leave(host, outcome, moment).whole

    assert not ask("dead", trouble)
    assert not ask("well", delivered())
    moment += timedelta(seconds=121)
    assert not ask("dead", trouble)
    assert not ask("well", trouble)
    moment += timedelta(seconds=121)
    assert ask("dead", trouble)
    assert not ask("well", refused("this browser"))
    moment += timedelta(seconds=121)
    assert not ask("dead", trouble)


def test_after_trouble_one_alone_tries_a_push_service() -> None:
    hosts = PushHosts(5, 10, patience_s=120)
    assert hosts.enter("a", NOW) is None
    hosts.leave("a", later("busy", whole=True), NOW)
    spared = hosts.enter("a", NOW)
    assert spared is not None
    assert (spared.kind, spared.after_s, spared.whole, spared.asked) == ("later", 5, False, False)
    assert hosts.enter("b", NOW) is None
    after = NOW + timedelta(seconds=5)
    assert hosts.enter("a", after) is None
    spared = hosts.enter("a", after)
    assert spared is not None
    assert (spared.reason, spared.after_s) == ("busy", 10)
