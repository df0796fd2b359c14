"""What becomes of a visitor's place, face and card when the visit ends, goes on longer, or never was."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from zhian_gateway import moments
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import rosters, whereabouts
from zhian_gateway.people.whereabouts import Went
from zhian_gateway.services import Services
from zhian_gateway.store.tables import credentials, people, templates
from zhian_gateway.visitors import ending, rows
from zhian_wire.roster import Person
from zhian_wire.whereabouts import BY_HAND

from .conftest import Window

FACE = ["keeping", "photo", "face"]
CARD = "AABBCCDD"


def goes(parts: Services, visit: str, zone: str, by_hand_at: str | None = None) -> None:
    """A gate tells where the visitor went, or a guard recorded it."""
    with parts.store.write() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == f"visit-{visit}")).scalar_one()
        day = moments.local_day(parts.clock(), parts.zone)
        node = BY_HAND if by_hand_at else "gate-1"
        whereabouts.keep(link, [Went(opaque, zone, node, parts.now(), day, lane_node=by_hand_at)])


def told(parts: Services, node: str) -> list[str]:
    """The zones of people that a node hears of."""
    day = moments.local_day(parts.clock(), parts.zone)
    with parts.store.read() as link:
        return [each.zone for each in whereabouts.told(link, node, since=0, day=day, now=parts.clock())]


def told_alone(parts: Services, node: str) -> list[str]:
    """Likewise, one that has no siblings."""
    day = moments.local_day(parts.clock(), parts.zone)
    with parts.store.read() as link:
        return [each.zone for each in whereabouts.told_by_hand(link, node, since=0, day=day, now=parts.clock())]


def taken_back(window: Window, visit: str) -> None:
    """As who undoes at a lane does."""
    with window.parts.store.write() as link:
        ending.take_back(link, window.parts, rows.find(link, int(visit)), who="guard-1")


def mustered(window: Window) -> list[tuple[str, str, bool]]:
    listed = window.guard.get("/api/muster").json()["people"]
    return [(each["id"], each["zone"], each["left_at"] is not None) for each in listed]


def on_roster(parts: Services) -> list[Person]:
    with parts.store.read() as link:
        return list(rosters.build(link, since=0, now=parts.now()).persons)


def faces(parts: Services) -> int:
    with parts.store.read() as link:
        return len(link.execute(select(templates.c.person_id)).all())


@pytest.mark.parametrize("how", ["leaves", "is taken back"])
def test_whoever_leaves_by_the_window_is_inside_no_more(window: Window, clock: Any, how: str) -> None:
    visit = window.registers()
    window.lets_in(visit)
    goes(window.parts, visit, "school")
    assert mustered(window) == [(f"visit-{visit}", "school", False)]
    clock.forward(600)
    if how == "leaves":
        window.asks(visit, "leave", card_back=False).raise_for_status()
    else:
        taken_back(window, visit)
    assert mustered(window) == []
    assert told(window.parts, "gate-1") == [""], "the gate that let them in hears of it too"


def test_every_gate_whose_guard_recorded_a_visitor_hears_that_they_left(window: Window, clock: Any) -> None:
    visit = window.registers()
    window.lets_in(visit)
    for gate in ("gate-2", "gate-3", None):
        goes(window.parts, visit, "school", by_hand_at=gate)
        clock.forward(60)
    assert [told_alone(window.parts, gate) for gate in ("gate-2", "gate-3")] == [["school"]] * 2
    window.asks(visit, "leave", card_back=False).raise_for_status()
    assert [told_alone(window.parts, gate) for gate in ("gate-2", "gate-3")] == [[""]] * 2
    assert mustered(window) == []


def test_a_visitor_who_leaves_during_a_roll_call_is_said_to_have_left(window: Window, clock: Any) -> None:
    visit, other = window.registers(), window.registers(name="韩梅梅", citizen="")
    for each in (visit, other):
        window.lets_in(each)
    window.guard.post("/api/muster", json={"drill": True}).raise_for_status()
    clock.forward(60)
    window.asks(visit, "leave", card_back=False).raise_for_status()
    assert mustered(window) == [(f"visit-{visit}", "", True), (f"visit-{other}", "", False)]
    taken_back(window, other)
    assert mustered(window)[1] == (f"visit-{other}", "", True)
    window.guard.post(f"/api/visits/{other}/admit", json={}).raise_for_status()
    assert mustered(window)[1] == (f"visit-{other}", "", False), "who is in again has not left"


def test_a_face_opens_as_long_as_the_visit_that_was_extended(window: Window, clock: Any) -> None:
    visit = window.registers(agreed=FACE)
    window.photographs(visit).raise_for_status()
    window.lets_in(visit, face=True)
    clock.forward(3600)
    window.asks(visit, "extend", minutes=120).raise_for_status()
    (person,) = on_roster(window.parts)
    assert (person.until, person.ends) == (window.looks(visit)["ends"],) * 2
    clock.forward(1.5 * 3600)
    Housekeeping(window.parts).step()
    assert [len(each.templates) for each in on_roster(window.parts)] == [1]
    clock.forward(2 * 3600)
    Housekeeping(window.parts).step()
    assert (on_roster(window.parts), faces(window.parts)) == ([], 0)


def test_more_time_gives_nobody_a_face_who_gave_none(window: Window, clock: Any) -> None:
    visit = window.registers(agreed=FACE)
    window.lets_in(visit)
    window.asks(visit, "extend", minutes=60).raise_for_status()
    (person,) = on_roster(window.parts)
    assert (person.templates, person.ends) == ((), window.looks(visit)["ends"])


def test_of_who_was_let_in_by_a_slip_no_face_is_kept_and_the_card_is_free(window: Window) -> None:
    visit, other = window.registers(agreed=FACE), window.registers(name="韩梅梅", citizen="")
    window.photographs(visit).raise_for_status()
    window.lets_in(visit, face=True, card=CARD)
    taken_back(window, visit)
    assert window.asks(visit, "cancel", reason="did not come").json()["state"] == "cancelled"
    assert (faces(window.parts), window.looks(visit)["card"]) == (0, None)
    window.lets_in(other, card=CARD)
    with window.parts.store.read() as link:
        held = link.execute(select(credentials.c.person_id).where(credentials.c.value == CARD)).scalars().all()
    assert held == [f"visit-{other}"]


def test_who_was_taken_back_is_let_in_anew_with_face_and_card(window: Window) -> None:
    visit = window.registers(agreed=FACE)
    window.photographs(visit).raise_for_status()
    window.lets_in(visit, face=True, card=CARD)
    taken_back(window, visit)
    window.guard.post(f"/api/visits/{visit}/admit", json={"face": True, "card": CARD}).raise_for_status()
    (person,) = on_roster(window.parts)
    assert (len(person.templates), CARD in person.cards) == (1, True)


def test_the_record_of_a_visit_names_its_day_at_the_site(window: Window, client: Any, clock: Any) -> None:
    clock.forward(15.5 * 3600)  # 07:30 of the next day there, 23:30 of this one in UTC
    visit, admin = window.registers(), client("admin")
    admin.post(f"/api/visits/{visit}/erase", json={"reason": "asked"}).raise_for_status()
    (record,) = admin.get("/api/visits/records").json()["items"]
    assert record["day"] == "2026-03-03"
