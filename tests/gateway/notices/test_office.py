"""The office sees what became of every notice, sends one once more, and says what guardians want."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from support.gateway import HttpOnly, log_in
from support.notices import enrol, every, tell, the_only, work_off
from support.providers import Provider
from typer.testing import CliRunner
from zhian_gateway.cli import app
from zhian_gateway.notices import office, withdrawing
from zhian_gateway.notices.subscriptions import MOST
from zhian_gateway.services import Services
from zhian_gateway.store.tables import push_subscriptions

Site = Callable[..., Services]
Client = Callable[[Services, str], httpx.Client]


@pytest.fixture
def web() -> Iterator[Client]:
    """Signs somebody in at the gateway's HTTP over some parts."""
    opened: list[HttpOnly] = []

    def make(parts: Services, role: str) -> httpx.Client:
        server = HttpOnly(parts)
        server.__enter__()
        opened.append(server)
        return log_in(parts, server.url, f"{role}-1", role)

    yield make
    for server in opened:
        server.__exit__(None, None, None)


def command(parts: Services, *words: str) -> str:
    config = parts.config.store.home.rsplit("/", 1)[0] + "/gateway.toml"
    found = CliRunner().invoke(app, [*words, "-c", config])
    assert found.exit_code == 0, found.output
    return found.output


def test_the_list_shows_what_became_of_each_and_how_it_was_tried(site: Site, provider: Provider, web: Client) -> None:
    parts = site()
    tell(parts, enrol(parts, "webhook://app"))
    provider.answers({"*": "404"})
    work_off(parts)
    with closing(web(parts, "guard")) as client:
        (item,) = client.get("/api/notices").raise_for_status().json()["items"]
        assert client.get("/api/notices?state=sent").json()["items"] == []
        assert len(client.get("/api/notices?state=sent&state=failed").json()["items"]) == 1
        assert client.get("/api/notices?state=lost").status_code == 422
    assert (item["state"], item["channel"], item["happening"], item["error"]) == (
        "failed",
        "webhook",
        "arrival",
        "answered 404",
    )
    (tried,) = item["history"]
    assert (tried["channel"], tried["outcome"], tried["reason"]) == ("webhook", "refused", "answered 404")


def test_one_that_failed_is_sent_once_more_and_one_that_arrived_is_not(
    site: Site, provider: Provider, web: Client
) -> None:
    parts = site()
    tell(parts, enrol(parts, "webhook://app"))
    provider.answers({"*": "404"})
    work_off(parts)
    provider.answers({"*": "ok"})
    with closing(web(parts, "guard")) as client:
        assert client.post("/api/notices/1/retry").is_success
        work_off(parts)
        assert the_only(parts).state == "sent"
        again = client.post("/api/notices/1/retry")
        assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
        assert client.post("/api/notices/99/retry").status_code == 404
    assert len({one["headers"]["webhook-id"] for one in provider.requests()}) == 1


def test_an_expired_one_that_is_sent_after_all_says_that_it_is_late(site: Site, provider: Provider, clock: Any) -> None:
    parts = site()
    tell(parts, enrol(parts, "webhook://app"))
    clock.forward(3601)
    work_off(parts)
    assert the_only(parts).state == "expired"
    with parts.store.write() as link:
        office.retry(link, 1, parts.config, who="li", now=parts.clock())
    work_off(parts)
    assert the_only(parts).state == "sent"
    assert json.loads(provider.bodies()[0])["data"]["message"].startswith("【迟到的通知】")


def test_the_command_line_lists_and_sends_once_more(site: Site, provider: Provider) -> None:
    parts = site()
    tell(parts, enrol(parts, "webhook://app", "webhook://other"))
    provider.answers({"*": "404"})
    work_off(parts)
    assert "2 failed" in command(parts, "notices", "list")
    lines = command(parts, "notices", "list", "--state", "failed", "--json").splitlines()
    assert [json.loads(line)["state"] for line in lines] == ["failed", "failed"]
    assert command(parts, "notices", "retry", "1") == "1 queued\n"
    assert command(parts, "notices", "retry", "--state", "failed") == "1 queued\n"
    assert [row.state for row in every(parts)] == ["queued", "queued"]


def test_all_that_expired_are_sent_once_more_but_what_was_taken_back(site: Site, clock: Any) -> None:
    parts = site()
    person = enrol(parts, "webhook://app")
    tell(parts, person, key="attendance/1/x")
    with parts.store.write() as link:
        withdrawing.take_back(link, "attendance/1/x", parts.now())
    tell(parts, person, key="2")
    clock.forward(3601)
    work_off(parts)
    assert [row.state for row in every(parts)] == ["expired", "expired"]
    assert command(parts, "notices", "retry", "--state", "expired") == "1 queued\n"
    assert [row.state for row in every(parts)] == ["expired", "queued"]


def test_consent_is_given_and_refused_at_the_command_line(site: Site) -> None:
    parts = site()
    opaque = enrol(parts, "inbox://mother")
    command(parts, "consent", "withdraw", "a", "notices")
    assert tell(parts, opaque, key="1") == 0
    command(parts, "consent", "give", "a", "notices", "--until", "2099-07-31", "--by", "mother")
    assert tell(parts, opaque, key="2") == 1


def test_preferences_are_set_by_who_administers_and_addresses_are_never_shown(site: Site, web: Client) -> None:
    parts = site()
    opaque = enrol(parts, "inbox://mother")
    with closing(web(parts, "admin")) as client:
        (one,) = client.get("/api/people/a/guardians").json()["items"]
        assert (one["channels"], one["happenings"], one["quiet"]) == (["inbox"], None, [])
        wanted = {"happenings": ["departure"], "quiet": ["22:00-06:00"], "language": "en"}
        places = ["webpush://mother", "sms://+8613800138000"]
        path = f"/api/guardians/{one['id']}/preferences"
        assert client.put(path, json=wanted | {"addresses": places}).is_success
        (one,) = client.get("/api/people/a/guardians").json()["items"]
        assert (one["channels"], one["happenings"]) == (["webpush", "sms"], ["departure"])
        for wrong in ({"addresses": ["webhook://nobody"]}, {"addresses": ["sms://138"]}, {"quiet": ["9-5"]}):
            assert client.put(path, json=wrong).status_code == 422
        assert client.put("/api/guardians/99/preferences", json=wanted).status_code == 404
    assert [tell(parts, opaque, "arrival", "1"), tell(parts, opaque, "departure", "2")] == [0, 1]
    assert (the_only(parts).title, the_only(parts).channel) == ("小明 has left", "webpush")


def browser(number: int = 1) -> dict[str, Any]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    text = base64.urlsafe_b64encode(key).rstrip(b"=").decode()
    return {
        "endpoint": f"https://push.example/{number}",
        "expirationTime": None,
        "keys": {"p256dh": text, "auth": "AAAAAAAAAAAAAAAAAAAAAA"},
    }


def test_who_is_signed_in_subscribes_this_browser_and_takes_it_back(site: Site, web: Client) -> None:
    parts = site()
    with closing(web(parts, "teacher")) as client:
        assert len(client.get("/api/push/key").json()["key"]) == 87
        wanted = browser()
        assert client.post("/api/push/subscribe", json=wanted).is_success
        assert client.post("/api/push/subscribe", json=wanted).is_success
        with parts.store.read() as link:
            (row,) = link.execute(select(push_subscriptions)).all()
        assert (row.user, row.endpoint) == ("teacher-1", wanted["endpoint"])
        gone = {"endpoint": wanted["endpoint"]}
        assert client.post("/api/push/unsubscribe", json=gone).is_success
        assert client.post("/api/push/unsubscribe", json=gone).status_code == 404
        for number in range(MOST + 2):
            client.post("/api/push/subscribe", json=browser(number)).raise_for_status()
    with parts.store.read() as link:
        assert len(link.execute(select(push_subscriptions)).all()) == MOST


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"endpoint": "http://push.example/1"}, "endpoint"),
        ({"endpoint": "https://[::1"}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "p256dh"),
        ({"keys": {"p256dh": "!!", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}, "key"),
    ],
)
def test_a_browser_that_is_none_is_refused(site: Site, web: Client, change: dict[str, Any], said: str) -> None:
    with closing(web(site(), "guard")) as client:
        answer = client.post("/api/push/subscribe", json=browser() | change)
    assert (answer.status_code, said in answer.text) == (422, True)
