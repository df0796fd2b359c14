"""The roll call: everybody who was inside, ticked off by several guards at once, with what is not known beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.gateway import add_node
from support.people import ground, person_file, some_face
from zhian_gateway import moments
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import whereabouts
from zhian_gateway.people.whereabouts import Went
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, muster_people, people
from zhian_gateway.store.tables import whereabouts as stored
from zhian_wire import times
from zhian_wire.state import NodeState

Client = Callable[..., httpx.Client]


@pytest.fixture
def inside(parts: Services) -> Services:
    """Two in the school, one in the hall, one who has left; heard from one gate of two."""
    for node in ("gate-1", "gate-2"):
        add_node(parts, node)
    hear(parts)
    places = {"a": ("school", "gate-1"), "b": ("school", "gate-2"), "c": ("hall", "gate-1"), "d": ("", "gate-1")}
    for who, (zone, node) in places.items():
        with parts.store.write() as link:
            parts.registry.enrol(link, who, person_file(), ground(), some_face(), who="t", now=parts.now())
        goes(parts, who, zone, node)
    return parts


def hear(parts: Services) -> None:
    """The gate that is heard from."""
    state = NodeState(node="gate-1", epoch="e1", seq=0, time=times.to_text(parts.clock()), version="1")
    parts.presence.hear("gate-1", state, parts.clock())


def goes(parts: Services, who: str, zone: str, node: str = "gate-1") -> None:
    with parts.store.write() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == who)).scalar_one()
        day = moments.local_day(parts.clock(), parts.zone)
        whereabouts.keep(link, [Went(opaque, zone, node, parts.now(), day)])


def sweep(parts: Services) -> None:
    Housekeeping(parts).step()


def listed(answer: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {each["id"]: (each["zone"], each["met_at"] is not None) for each in answer["people"]}


def test_who_is_inside_is_listed_by_zone_and_what_is_stale_says_so(inside: Services, client: Client) -> None:
    told = client().get("/api/muster").json()
    assert listed(told) == {"a": ("school", False), "b": ("school", False), "c": ("hall", False)}
    assert [each["zone"] for each in told["people"]] == ["hall", "school", "school"]
    assert {each["id"]: each["stale"] for each in told["people"]} == {"a": False, "b": True, "c": False}
    assert told["unheard"] == [{"node": "gate-2", "last_seen": None}]
    assert told["muster"] is None


def test_nobody_falls_off_the_list_by_walking_out_and_who_left_is_told(
    inside: Services, client: Client, clock: Any
) -> None:
    user = client()
    assert user.post("/api/muster/people/a", json={"met": True}).status_code == 409
    user.post("/api/muster", json={"drill": True}).raise_for_status()
    clock.forward(30)
    goes(inside, "a", "")
    goes(inside, "d", "school")
    told = user.get("/api/muster").json()
    assert set(listed(told)) == {"a", "b", "c", "d"}
    assert {each["id"]: each["left_at"] is not None for each in told["people"]} == {
        "a": True, "b": False, "c": False, "d": False}  # fmt: skip
    assert told["muster"]["drill"] is True


def test_the_list_is_never_older_than_what_it_tells(inside: Services, client: Client, clock: Any) -> None:
    user = client()
    clock.forward(29)
    goes(inside, "a", "hall")
    clock.forward(11)
    told = user.get("/api/muster").json()
    assert told["as_of"] == max(each["at"] for each in told["people"]) == times.to_text(clock() - timedelta(seconds=11))
    user.post("/api/muster", json={}).raise_for_status()
    assert user.get("/api/muster").json()["as_of"] == inside.now()


def test_several_guards_tick_at_once_and_a_tick_is_taken_back(inside: Services, client: Client) -> None:
    one, other = client(), client("admin")
    one.post("/api/muster", json={}).raise_for_status()
    one.post("/api/muster/people/a", json={"met": True}).raise_for_status()
    other.post("/api/muster/people/c", json={"met": True}).raise_for_status()
    other.post("/api/muster/people/a", json={"met": False}).raise_for_status()
    told = one.post("/api/muster/people/d", json={"met": True}).json()
    assert listed(told) == {"a": ("school", False), "b": ("school", False), "c": ("hall", True), "d": ("", True)}
    assert next(each["met_by"] for each in told["people"] if each["id"] == "c") == "admin-1"
    assert one.post("/api/muster/people/nobody", json={"met": True}).status_code == 404
    ended = one.post("/api/muster/end").json()
    assert ended["muster"] is None
    with inside.store.read() as link:
        rows = link.execute(select(audit).where(audit.c.action.like("muster%")).order_by(audit.c.id)).all()
    assert [(row.action, row.subject) for row in rows[:3]] == [
        ("muster.begin", "1"), ("muster.met", "a"), ("muster.met", "c")]  # fmt: skip
    assert (rows[-1].action, rows[-1].detail) == ("muster.end", "2 not met")


def test_a_roll_call_outlives_midnight_and_a_first_look_is_audited_once(
    inside: Services, client: Client, clock: Any
) -> None:
    user = client()
    user.post("/api/muster", json={}).raise_for_status()
    clock.now += timedelta(hours=10)
    user = client()
    first = user.get("/api/muster")
    assert len(first.json()["people"]) == 3
    again = user.get("/api/muster", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    with inside.store.read() as link:
        looks = link.execute(select(audit.c.who).where(audit.c.action == "muster.look")).scalars().all()
    assert looks == ["guard-1"]


def test_nobody_sees_who_is_inside_unrecorded_whatever_they_send(inside: Services, client: Client, clock: Any) -> None:
    def looks() -> list[str]:
        with inside.store.read() as link:
            return list(link.execute(select(audit.c.who).where(audit.c.action == "muster.look")).scalars())

    guard, admin = client(), client("admin")
    for tag in ('"x"', "*", ""):
        assert guard.get("/api/muster", headers={"If-None-Match": tag}).json()["people"]
    assert looks() == ["guard-1"]
    assert admin.post("/api/muster/end").json()["people"]
    assert looks() == ["guard-1", "admin-1"]
    guard.post("/api/muster", json={}).raise_for_status()
    clock.forward(3600)
    admin, guard = client("admin"), client()
    assert admin.post("/api/muster", json={}).json()["people"]
    assert guard.get("/api/muster", headers={"If-None-Match": '"x"'}).json()["people"]
    assert looks() == ["guard-1", "admin-1", "admin-1", "guard-1"]


def test_over_midnight_a_roll_call_still_tells_who_came_who_left_and_whom_nobody_knows(
    inside: Services, client: Client, clock: Any
) -> None:
    client().post("/api/muster", json={"drill": True}).raise_for_status()
    clock.forward(60)
    goes(inside, "d", "hall")  # before midnight, after it began
    clock.now += timedelta(hours=10)
    sweep(inside)
    goes(inside, "a", "")
    told = client().get("/api/muster").json()
    assert listed(told) == {
        "a": ("school", False), "b": ("school", False), "c": ("hall", False), "d": ("hall", False)}  # fmt: skip
    assert {each["id"] for each in told["people"] if each["left_at"]} == {"a"}
    client().post("/api/muster/end").raise_for_status()
    sweep(inside)
    after = client().get("/api/muster").json()["people"]
    assert {each["id"]: each["stale"] for each in after} == {"b": True, "c": True, "d": True}


def test_who_stays_over_night_is_looked_for_a_day_long_and_nobody_is_certain_of_them(
    inside: Services, client: Client, clock: Any
) -> None:
    clock.now += timedelta(hours=10)  # past midnight there
    hear(inside)
    sweep(inside)
    told = client().get("/api/muster").json()
    assert {each["id"]: each["stale"] for each in told["people"]} == {"a": True, "b": True, "c": True}
    goes(inside, "a", "")
    goes(inside, "c", "hall")
    told = client().get("/api/muster").json()
    assert {each["id"]: each["stale"] for each in told["people"]} == {"b": True, "c": False}
    with inside.store.read() as link:
        today = moments.local_day(clock(), inside.zone)
        known = whereabouts.told(link, "gate-9", since=0, day=today, now=clock())
    assert len(known) == 2, "gates hear of today alone"
    clock.now += timedelta(hours=14, seconds=1)
    sweep(inside)
    assert set(listed(client().get("/api/muster").json())) == {"c"}
    with inside.store.read() as link:
        assert set(link.execute(select(stored.c.day)).scalars()) == {today}, "of yesterday nothing is kept any more"


def test_who_withdraws_is_on_no_roll_call_any_more(inside: Services, client: Client) -> None:
    client().post("/api/muster", json={}).raise_for_status()
    with inside.store.write() as link:
        inside.registry.withdraw(link, "a", who="t", now=inside.now(), why="left")
    with inside.store.read() as link:
        assert len(link.execute(select(muster_people)).all()) == 2
