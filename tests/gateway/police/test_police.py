"""The police get agreed cases, signed and once, and nothing of who merely passes."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.people import ground, person_file, some_face
from zhian_gateway import outbound
from zhian_gateway.cases.pieces import Piece
from zhian_gateway.cases.signals import Raise
from zhian_gateway.errors import BadInput, Conflict, NoGround, NotFound, NotLoggedIn
from zhian_gateway.police import feed, subscribers
from zhian_gateway.police.webhook import Courier, signature
from zhian_gateway.services import Services
from zhian_gateway.store.tables import alerts, deliveries, people
from zhian_gateway.store.tables import subscribers as rows

#: Addresses that look well and cannot be asked.
IMPOSSIBLE = (
    "https://a..example/x",
    "https://xn--a.example/",
    f"https://{'a' * 70}.example/",
    "https://a.example:99999/",
    "http://a b.example/",
    "http://[::1",
)


def subscribe(parts: Services, webhook: str = "", name: str = "station-1") -> subscribers.Keys:
    with parts.store.write() as link:
        return subscribers.add(
            link, site=parts.site, name=name, ground="agreement 12", webhook=webhook, who="test", now=parts.now()
        )


def raise_(parts: Services, **changes: Any) -> int:
    piece = Piece(
        kind="face", camera="c", at="t", picture="f" * 64, box=None, score=0.71, margin=None, live=None,
        network="net", synthetic=False,
    )  # fmt: skip
    values = {"key": "k", "kind": "unknown_person", "severity": "major", "node": "n", "at": parts.now()}
    with parts.store.write() as link:
        return parts.book.raise_(link, Raise(**(values | {"evidence": (piece,)} | changes)), parts.now())


def entries(parts: Services) -> list[dict[str, Any]]:
    with parts.store.read() as link:
        return [json.loads(row.body) for row in feed.after(link, 0)]


def enrol(parts: Services, person: str, **about: Any) -> str:
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(**about), ground(), some_face(), who="t", now=parts.now())
        return link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()


def test_kinds_that_were_not_agreed_stay_here(parts: Services) -> None:
    raise_(parts, kind="camera_blind")
    assert entries(parts) == []


def test_an_entry_holds_no_name_picture_or_opaque_id(parts: Services) -> None:
    opaque = enrol(parts, "pupil-1", name="王小明")
    raise_(parts, person=opaque, plate="粤B12345")
    (entry,) = entries(parts)
    assert entry["subject"] is None
    text = json.dumps(entry, ensure_ascii=False)
    assert not any(secret in text for secret in (opaque, "王小明", "pupil-1", "粤B12345", "f" * 64))


def test_a_candidate_is_called_as_the_list_calls_it_with_score_and_network(parts: Services) -> None:
    opaque = enrol(parts, "wanted-7", name="张三", watch=True)
    raise_(parts, kind="watch_hit", person=opaque, candidate=True, plate="粤B12345")
    (entry,) = entries(parts)
    assert entry["subject"] == {"listed_as": "wanted-7", "plate": "粤B12345", "score": 0.71, "network": "net"}
    assert "张三" not in json.dumps(entry, ensure_ascii=False)


def test_a_repeat_is_not_told_again_but_a_new_state_is(parts: Services) -> None:
    alert = raise_(parts)
    raise_(parts)
    with parts.store.write() as link:
        parts.book.move(link, alert, target="resolved", who="li", now=parts.now(), note="", expected="raised")
    assert [entry["state"] for entry in entries(parts)] == ["raised", "resolved"]


def test_a_webhook_is_signed_and_can_be_checked(parts: Services) -> None:
    keys = subscribe(parts, "https://police.example/hook")
    raise_(parts)
    got: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        got.append(request)
        return httpx.Response(204)

    courier(parts, answer).step()
    header = dict(part.split("=", 1) for part in got[0].headers["X-Zhian-Signature"].split(","))
    expected = hmac.new(keys.secret.encode(), header["t"].encode() + b"." + got[0].content, hashlib.sha256)
    assert header["v1"] == expected.hexdigest()
    assert got[0].headers["Idempotency-Key"] == f"{parts.store.store_id}-1"


def test_the_signature_is_what_openssl_computes() -> None:
    # printf '0.what do ya want for nothing?' | openssl dgst -sha256 -hmac Jefe
    expected = "37f471929915ccd2cbbe79feb84ffcff4f2bb25e15fc41c2506687331ae179cc"
    assert signature("Jefe", b"what do ya want for nothing?", 0) == f"t=0,v1={expected}"


def test_a_webhook_that_fails_is_tried_again_with_the_same_key_and_then_dead(parts: Services, clock: Any) -> None:
    subscribe(parts, "https://police.example/hook")
    raise_(parts)
    keys: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["Idempotency-Key"])
        return httpx.Response(503)

    working = courier(parts, answer)
    for _ in range(parts.config.police.most_tries + 5):
        working.step()
        clock.forward(601)
    assert len(keys) == parts.config.police.most_tries
    assert len(set(keys)) == 1
    assert state(parts) == ("dead", "answered 503")


def test_a_webhook_that_recovers_gets_it_once(parts: Services, clock: Any) -> None:
    subscribe(parts, "https://police.example/hook")
    raise_(parts)
    answers = [httpx.ConnectError("refused"), httpx.Response(200)]

    def answer(_: httpx.Request) -> httpx.Response:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    working = courier(parts, answer)
    working.step()
    assert state(parts)[0] == "queued"
    clock.forward(601)
    working.step()
    assert state(parts) == ("sent", "")
    assert working.step() == 0


def test_how_a_case_stands_does_not_overtake_how_it_stood(parts: Services, clock: Any) -> None:
    subscribe(parts, "https://police.example/hook")
    first = raise_(parts)
    with parts.store.write() as link:
        parts.book.move(link, first, target="false_alarm", expected="raised", who="li", now=parts.now(), note="teacher")
    other = raise_(parts, key="another")
    answers = [503, 200, 200, 200]
    taken: list[tuple[int, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        status = answers.pop(0)
        if status == 200:
            entry = json.loads(request.content)
            taken.append((entry["case"], entry["state"]))
        return httpx.Response(status)

    working = courier(parts, answer)
    # What is said of another case does not wait.
    assert [working.step(), working.step()] == [2, 0]
    clock.forward(601)
    assert [working.step(), working.step(), working.step()] == [1, 1, 0]
    assert taken == [(other, "raised"), (first, "raised"), (first, "false_alarm")]


def test_a_case_that_became_graver_is_told_again(parts: Services) -> None:
    raise_(parts, severity="minor")
    raise_(parts, severity="critical")
    raise_(parts, severity="minor")
    with parts.store.read() as link:
        entries = [json.loads(row.body) for row in feed.after(link, 0)]
    assert [entry["severity"] for entry in entries] == ["minor", "critical"]


def test_who_does_not_answer_holds_nobody_up(parts: Services, clock: Any) -> None:
    for name in ("dead", "well"):
        subscribe(parts, f"https://{name}.example/hook", name)
    for key in range(30):
        raise_(parts, key=str(key))
    tried: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tried.append(request.url.host)
        if request.url.host == "dead.example":
            raise httpx.ConnectTimeout("10 s")
        return httpx.Response(200)

    working = courier(parts, answer)
    while working.step():
        pass
    assert tried.count("dead.example") == 1
    assert tried.count("well.example") == 30
    clock.forward(parts.config.police.retry_s)
    working.step()
    assert tried.count("dead.example") == 2


@pytest.mark.parametrize("address", IMPOSSIBLE[:3])
def test_an_address_that_cannot_be_asked_is_a_try_of_its_own_and_holds_nobody_up(parts: Services, address: str) -> None:
    for name in ("a-bad", "b-well"):
        subscribe(parts, "https://well.example/hook", name)
    with parts.store.write() as link:
        link.execute(update(rows).where(rows.c.name == "a-bad").values(webhook=address))
    raise_(parts)
    tried: list[str] = []

    def resolved(host: str, _: int) -> list[str]:
        tried.append(host.encode("idna").decode())
        return ["93.184.216.34"]

    guard = outbound.Guard(httpx.MockTransport(lambda _: httpx.Response(200)), (), resolved)
    with httpx.Client(transport=guard) as client:
        working = Courier(parts.store, client, parts.config.police, parts.clock, book=parts.book, site=parts.site)
        while working.step():
            pass
    assert tried == ["well.example"]
    with parts.store.read() as link:
        found = {row.subscriber: (row.state, row.tries) for row in link.execute(select(deliveries))}
    assert found == {"a-bad": ("queued", 1), "b-well": ("sent", 1)}


def test_a_step_is_a_few_entries_for_one_subscriber_and_the_next_one_has_the_next(parts: Services) -> None:
    for name in ("a", "b"):
        subscribe(parts, f"https://{name}.example/hook", name)
    for key in range(12):
        raise_(parts, key=str(key))
    tried: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        tried.append(request.url.host[0])
        return httpx.Response(200)

    working = courier(parts, answer)
    assert [working.step() for _ in range(7)] == [5, 5, 5, 5, 2, 2, 0]
    assert "".join(tried) == "aaaaabbbbbaaaaabbbbbaabb"


def test_an_entry_that_was_given_up_is_a_case_until_the_police_have_it(parts: Services, clock: Any) -> None:
    subscribe(parts, "https://police.example/hook")
    raise_(parts)
    status = 503
    working = courier(parts, lambda _: httpx.Response(status))

    def case() -> list[tuple[str, str]]:
        with parts.store.read() as link:
            rows = link.execute(select(alerts).where(alerts.c.kind == "police_undelivered"))
            return [(row.state, row.detail) for row in rows]

    for _ in range(parts.config.police.most_tries - 1):
        working.step()
        clock.forward(601)
    assert case() == []
    working.step()
    assert case() == [("raised", "station-1: answered 503")]
    status = 200
    raise_(parts, key="another")
    working.step()
    assert [state for state, _ in case()] == ["raised"]
    with parts.store.write() as link:
        assert subscribers.retry(link, site=parts.site, name="station-1", who="t", now=parts.now()) == 1
    working.step()
    assert [state for state, _ in case()] == ["resolved"]
    with parts.store.read() as link:
        assert set(link.execute(select(deliveries.c.state)).scalars()) == {"sent"}


def test_nothing_is_tried_again_for_who_is_not_subscribed(parts: Services) -> None:
    subscribe(parts)
    with parts.store.write() as link:
        subscribers.disable(link, site=parts.site, name="station-1", who="t", now=parts.now())
        for name in ("station-1", "station-2"):
            with pytest.raises(NotFound):
                subscribers.retry(link, site=parts.site, name=name, who="t", now=parts.now())


def courier(parts: Services, answer: Any) -> Courier:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Courier(parts.store, client, parts.config.police, parts.clock, book=parts.book, site=parts.site)


def state(parts: Services) -> tuple[str, str]:
    with parts.store.read() as link:
        row = link.execute(select(deliveries)).one()
    return row.state, row.error


def test_a_subscriber_is_known_by_its_token_only(parts: Services) -> None:
    keys = subscribe(parts)
    with parts.store.read() as link:
        assert subscribers.of_token(link, keys.token) == "station-1"
        for wrong in ("", keys.secret, "guess"):
            with pytest.raises(NotLoggedIn):
                subscribers.of_token(link, wrong)


def test_subscriptions_need_a_ground_and_an_address_that_can_be(parts: Services) -> None:
    subscribe(parts)
    with parts.store.write() as link:
        common = {"site": parts.site, "who": "t", "now": parts.now()}
        with pytest.raises(Conflict):
            subscribers.add(link, name="station-1", ground="g", webhook="", **common)
        with pytest.raises(NoGround):
            subscribers.add(link, name="x", ground=" ", webhook="", **common)
        for bad in ("file:///etc/passwd", "ftp://x", "http://", *IMPOSSIBLE):
            with pytest.raises(BadInput):
                subscribers.add(link, name="x", ground="g", webhook=bad, **common)
