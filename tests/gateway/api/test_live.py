"""The streams: in order, resumed without loss or doubles, honest about what is forgotten, for each role its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from support.events import event, passage
from support.gateway import HttpOnly
from support.notices import enrol
from support.pipeline import take_in
from zhian_gateway.api import live
from zhian_gateway.auth import scope
from zhian_gateway.police import subscribers
from zhian_gateway.services import Services
from zhian_gateway.store import stream
from zhian_wire.events import Actuated, Decision, Health
from zhian_wire.evidence import Evidence

Client = Callable[..., httpx.Client]


class Reader:
    """Reads a stream of events; `read(n)` gives the next n as (id, event, data)."""

    def __init__(self, client: httpx.Client, path: str = "/api/live", **headers: str) -> None:
        self._request = client.stream("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        self.answer = self._request.__enter__()
        self._lines = self.answer.iter_lines()

    def read(self, count: int) -> list[tuple[int, str, Any]]:
        found = []
        fields: dict[str, str] = {}
        while len(found) < count:
            line = next(self._lines)
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
                fields = {}
        return found

    def close(self) -> None:
        self._request.__exit__(None, None, None)


@pytest.fixture
def open_stream() -> Iterator[Callable[..., Reader]]:
    made: list[Reader] = []

    def make(*args: Any, **headers: str) -> Reader:
        made.append(Reader(*args, **headers))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_what_happens_is_told_as_it_happens(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    reader = open_stream(client())
    assert reader.read(1)[0][1] == "hello"
    take_in(parts, event())
    told = reader.read(2)
    assert [(kind, data["kind"]) for _, kind, data in told] == [("passage", "face"), ("alert", "unknown_person")]
    assert [number for number, _, _ in told] == [1, 2]


def test_a_reader_that_comes_back_gets_exactly_what_it_missed(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    take_in(parts, *(event(passage(kind="body"), seq=seq) for seq in range(1, 6)))
    reader = open_stream(client(), Last_Event_ID="2")
    assert [number for number, _, _ in reader.read(3)] == [3, 4, 5]
    take_in(parts, event(passage(kind="body"), seq=6))
    assert [number for number, _, _ in reader.read(1)] == [6]


def test_nothing_is_lost_or_doubled_over_many_broken_connections(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    user = client()
    writer = threading.Thread(
        target=lambda: [take_in(parts, event(passage(kind="body"), seq=seq)) for seq in range(1, 41)]
    )
    writer.start()
    seen: list[int] = []
    last = 0
    while last < 40:
        reader = open_stream(user, Last_Event_ID=str(last))
        numbers = [number for number, _, _ in reader.read(min(3, 40 - last))]
        reader.close()
        seen += numbers
        last = numbers[-1]
    writer.join()
    assert seen == list(range(1, 41))


@pytest.mark.parametrize(("took_s", "rest_s"), [(0.0, 0.0), (0.004, 0.02), (0.04, 0.2), (0.06, 0.25), (30.0, 0.25)])
def test_a_reader_rests_the_longer_the_more_there_is_to_do_and_never_long(took_s: float, rest_s: float) -> None:
    assert live.rest_s(took_s) == pytest.approx(rest_s)


def test_who_comes_back_and_is_behind_does_not_rest_before_all_is_told(
    parts: Services, client: Client, open_stream: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "rest_s", lambda took_s: 3600.0)
    with parts.store.write() as link:
        stream.push_all(link, "watch_list", [str(number) for number in range(2 * stream.AT_ONCE + 5)], "t")
    told = open_stream(client("admin"), Last_Event_ID="0").read(2 * stream.AT_ONCE + 5)
    assert [number for number, _, _ in told] == list(range(1, 2 * stream.AT_ONCE + 6))


def test_alerts_that_are_told_at_once_are_each_told_as_they_are_now(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    take_in(parts, event(seq=1), event(Health(component="camera", device="cam-1", status="down"), seq=2))
    with parts.store.write() as link:
        parts.book.move(link, 1, target="resolved", who="li", now=parts.now(), note="", expected="raised")
    told = open_stream(client("admin"), Last_Event_ID="0").read(4)
    alerts = [(data["kind"], data["state"]) for _, kind, data in told if kind == "alert"]
    assert alerts == [("unknown_person", "resolved"), ("camera_blind", "raised"), ("unknown_person", "resolved")]


@pytest.mark.parametrize("last", ["1", "999"])
def test_a_place_that_is_forgotten_or_from_elsewhere_means_reset(
    parts: Services, client: Client, open_stream: Callable[..., Reader], last: str
) -> None:
    take_in(parts, *(event(passage(kind="body"), seq=seq) for seq in range(1, 11)))
    with parts.store.write() as link:
        stream.prune(link, keep=3)
    assert open_stream(client(), Last_Event_ID=last).read(1) == [(10, "reset", {})]


def test_each_role_hears_only_what_it_may_see(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    camera = Health(component="camera", device="cam-1", status="down")
    take_in(parts, event(seq=1), event(camera, seq=2), event(passage(kind="body"), seq=3))
    police = open_stream(client("police"), Last_Event_ID="0")
    assert [(kind, data["kind"]) for _, kind, data in police.read(1)] == [("alert", "unknown_person")]
    teacher = open_stream(client("teacher"), Last_Event_ID="0")
    opaque = enrol(parts, group="grade-1")
    with parts.store.write() as link:
        scope.set_groups(link, "teacher-1", ["grade-1"], site="school", who="t", now=parts.now())
    take_in(parts, event(seq=4), event(passage(person_id=opaque), seq=5))
    ((_, kind, shown),) = teacher.read(1)
    assert (kind, shown["person"]["id"]) == ("passage", "a")


def test_that_a_watch_list_changed_is_told_to_who_may_see_it_and_nothing_more(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    other = open_stream(client("police"), Last_Event_ID="0")
    guard = open_stream(client("guard"), Last_Event_ID="0")
    wanted = {"label": "Silver van", "ground": "order 12", "until": "2026-12-31", "plates": ["京A00001"]}
    made = client("admin").post("/api/watch-lists", json=wanted).raise_for_status().json()
    ((_, kind, told),) = other.read(1)
    assert (kind, told) == ("watch_list", {"id": made["id"]})
    take_in(parts, event(passage(kind="body"), seq=1))
    assert [kind for _, kind, _ in guard.read(1)] == ["passage"]


def test_the_police_feed_begins_at_the_beginning_and_resumes(
    http: HttpOnly, parts: Services, open_stream: Callable[..., Reader]
) -> None:
    take_in(parts, event(seq=1))
    with parts.store.write() as link:
        keys = subscribers.add(link, site=parts.site, name="s", ground="g", webhook="", who="t", now=parts.now())
    with httpx.Client(base_url=http.url, headers={"Authorization": f"Bearer {keys.token}"}) as station:
        ((number, kind, case),) = open_stream(station, "/police/feed").read(1)
        assert (number, kind, case["kind"], case["state"]) == (1, "case", "unknown_person", "raised")
        again = open_stream(station, "/police/feed", Last_Event_ID="1")
        with parts.store.write() as link:
            parts.book.move(link, 1, target="resolved", who="li", now=parts.now(), note="", expected="raised")
        parts.bell.ring()
        assert [data["state"] for _, _, data in again.read(1)] == ["resolved"]


def test_a_stream_ends_when_the_gateway_does(
    http: HttpOnly, parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    reader = open_stream(client())
    reader.read(1)
    parts.bell.close()
    with pytest.raises(StopIteration):
        reader.read(1)


@pytest.mark.parametrize("path", ["/api/live", "/police/feed"])
@pytest.mark.parametrize("last", ["9" * 26, str(2**63), "-1", "soon"])
def test_a_place_that_no_stream_can_have_is_refused(
    parts: Services, http: HttpOnly, client: Client, path: str, last: str
) -> None:
    user = client()
    user.headers["Authorization"] = f"Bearer {_subscribe(parts).token}"
    answer = user.get(path, headers={"Last-Event-ID": last})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


def test_who_has_logged_out_hears_nothing_of_what_goes_on(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    user = client()
    reader = open_stream(user)
    reader.read(1)
    user.delete("/api/session").raise_for_status()
    take_in(parts, event(passage(kind="body")))
    with pytest.raises(StopIteration):
        reader.read(1)


def test_a_stream_ends_with_its_session_and_not_with_the_next_news(
    parts: Services, client: Client, open_stream: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 3600.0)
    user = client()
    reader = open_stream(user)
    reader.read(1)
    user.delete("/api/session").raise_for_status()
    with pytest.raises(StopIteration):
        reader.read(1)


def test_a_user_who_is_disabled_hears_nothing_more(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    reader = open_stream(client())
    reader.read(1)
    parts.accounts.disable("guard-1", who="test")
    take_in(parts, event(passage(kind="body")))
    with pytest.raises(StopIteration):
        reader.read(1)


@pytest.mark.parametrize("role", ["admin", "guard"])
def test_a_stream_that_is_merely_open_does_not_keep_its_session(
    parts: Services, client: Client, open_stream: Callable[..., Reader], clock: Any, role: str
) -> None:
    reader = open_stream(client(role))
    reader.read(1)
    half = parts.config.sign_in.idle_minutes * 60 // 2 + 60
    clock.forward(half)
    take_in(parts, event(passage(kind="body")))
    assert reader.read(1)[0][1] == "passage"
    clock.forward(half)
    take_in(parts, event(passage(kind="body"), seq=2))
    with pytest.raises(StopIteration):
        reader.read(1)


def test_a_subscriber_who_is_disabled_hears_nothing_more(
    parts: Services, http: HttpOnly, open_stream: Callable[..., Reader]
) -> None:
    take_in(parts, event(seq=1))
    keys = _subscribe(parts)
    with httpx.Client(base_url=http.url, headers={"Authorization": f"Bearer {keys.token}"}) as station:
        reader = open_stream(station, "/police/feed")
        reader.read(1)
        with parts.store.write() as link:
            subscribers.disable(link, site=parts.site, name="s", who="t", now=parts.now())
            parts.book.move(link, 1, target="resolved", who="li", now=parts.now(), note="", expected="raised")
        parts.bell.ring()
        with pytest.raises(StopIteration):
            reader.read(1)


def _subscribe(parts: Services) -> subscribers.Keys:
    with parts.store.write() as link:
        return subscribers.add(link, site=parts.site, name="s", ground="g", webhook="", who="t", now=parts.now())


def test_a_lane_that_opens_is_told_with_whose_card_it_was(
    parts: Services, client: Client, open_stream: Callable[..., Reader]
) -> None:
    reader = open_stream(client())
    reader.read(1)
    card = Evidence(kind="card", device="in", at_ms=900, card="04A1")
    decided = Decision(
        transaction="t1", lane="main", verdict="open", reason="card", policy="card", evidence_age_ms=2,
        person_id="p-gone", evidence=(card,),
    )  # fmt: skip
    take_in(parts, event(decided, seq=1))
    ((_, kind, lane),) = reader.read(1)
    assert (kind, lane["id"], lane["decision"]["person"]["id"], lane["opened"]) == ("lane", "gate-1/main", "p-gone", 1)
    take_in(parts, event(Actuated(transaction="t1", lane="main", action="pulse", result="done"), seq=2))
    assert reader.read(1)[0][2]["actuated"]["result"] == "done"
    assert [each["id"] for each in client().get("/api/lanes").json()["items"]] == ["gate-1/main"]
    assert client("teacher").get("/api/lanes").status_code == 403
