"""A shift is handed over by two: one who is signed in, one who signs with their own password; and it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.gateway import add_node
from zhian_gateway.cases.signals import Raise
from zhian_gateway.lanes.keeping import Kept, keep
from zhian_gateway.services import Services
from zhian_gateway.store.tables import audit, handovers
from zhian_wire import times

Client = Callable[..., httpx.Client]
PASSWORD = "the grey goose crosses at noon"
SIGNED = {"comes": "li", "password": PASSWORD, "note": "the east gate sticks"}


@pytest.fixture
def site(parts: Services) -> Services:
    """One node that says nothing, an open case, and a colleague with a password."""
    add_node(parts, "gate-1")
    parts.accounts.add("li", "guard", PASSWORD, who="t")
    parts.accounts.add("chen", "teacher", PASSWORD, who="t")
    hit(parts, "a")
    return parts


def hit(parts: Services, key: str) -> None:
    with parts.store.write() as link:
        case = Raise(key=key, kind="door_forced", severity="major", node="gate-1", at=parts.now())
        parts.book.raise_(link, case, parts.now())


def test_the_summary_says_what_the_next_one_must_know(site: Services, client: Client) -> None:
    told = client().get("/api/shift").raise_for_status().json()["now"]
    assert (told["open"], told["raised"], told["offline"]) == (1, {"door_forced": 1}, ["gate-1"])
    assert [each["kind"] for each in told["cases"]] == ["door_forced"]


def test_a_shift_counts_what_came_to_it_whenever_it_happened(site: Services, client: Client, clock: Any) -> None:
    happened = site.now()
    clock.forward(3600)
    user = client()
    user.post("/api/shift", json=SIGNED).raise_for_status()
    clock.forward(60)

    def raise_(key: str) -> int:
        with site.store.write() as link:
            case = Raise(key=key, kind="door_forced", severity="major", node="gate-1", at=happened)
            return site.book.raise_(link, case, site.now())

    def counted() -> tuple[dict[str, int], int, int]:
        told = user.get("/api/shift").raise_for_status().json()["now"]
        return told["raised"], told["closed"], told["open"]

    assert counted() == ({}, 0, 1)
    # Of before the hand-over, by a node that was cut off: a new case, and a repeat of one that nobody had acknowledged.
    late = raise_("late")
    raise_("a")
    assert counted() == ({"door_forced": 1}, 0, 2)
    with site.store.write() as link:
        site.book.move(link, late, target="resolved", expected="raised", who="li", now=site.now(), note="")
    assert counted() == ({"door_forced": 1}, 1, 1)
    # And what is closed and told of once more is raised again.
    clock.forward(1)
    raise_("late")
    assert counted() == ({"door_forced": 1}, 0, 2)


def test_an_order_to_the_whole_site_is_told_by_its_parts_for_a_page_to_word(
    site: Services, client: Client, clock: Any
) -> None:
    until = times.to_text(clock() + timedelta(minutes=30))
    order = Kept(id=0, press="x", state="locked", who="wang", why="陌生人闯入", at=site.now(), until=until)
    with site.store.write() as link:
        keep(link, site.site, order, clock())
    user = client()
    user.post("/api/shift", json=SIGNED).raise_for_status()
    told = user.get("/api/shift").json()
    for said in (told["now"], told["before"][0]["summary"]):
        apart = {name: said[f"order_{name}"] for name in ("state", "until", "by", "why")}
        assert apart == {"state": "locked", "until": until, "by": "wang", "why": "陌生人闯入"}


def test_what_was_signed_before_an_order_was_kept_by_its_parts_is_still_shown(site: Services, client: Client) -> None:
    user = client()
    user.post("/api/shift", json=SIGNED).raise_for_status()
    with site.store.write() as link:
        stored = json.loads(link.execute(select(handovers.c.summary)).scalar_one())
        older = {name: value for name, value in stored.items() if not name.startswith("order_")}
        older["order"] = "locked until 2026-03-02T08:30:00.000Z: x"
        link.execute(update(handovers).values(summary=json.dumps(older)))
    (before,) = user.get("/api/shift").json()["before"]
    assert (before["summary"]["order"], before["summary"]["order_state"]) == (older["order"], "")


def test_both_names_the_note_and_what_was_signed_are_kept_and_the_next_shift_begins(
    site: Services, client: Client, clock: Any
) -> None:
    user = client()
    signed = user.post("/api/shift", json=SIGNED).raise_for_status().json()
    assert signed["before"][0] | {"summary": None} == {
        "leaves": "guard-1", "comes": "li", "at": site.now(), "note": "the east gate sticks", "summary": None,
    }  # fmt: skip
    assert signed["before"][0]["summary"]["raised"] == {"door_forced": 1}
    clock.forward(60)
    hit(site, "b")
    now = user.get("/api/shift").json()["now"]
    assert (now["raised"], now["open"]) == ({"door_forced": 1}, 2)
    with site.store.read() as link:
        entry = link.execute(select(audit).where(audit.c.action == "shift.hand_over")).one()
    assert (entry.who, entry.subject) == ("guard-1", "li")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"password": "another one"}, 403),
        ({"comes": "nobody"}, 403),
        ({"comes": "chen"}, 403),
        ({"comes": "guard-1"}, 422),
        ({"comes": "guard-9"}, 422),
    ],
)
def test_nobody_signs_who_is_not_there(site: Services, client: Client, changed: dict[str, str], status: int) -> None:
    site.accounts.add("guard-9", "guard", None, who="t")
    assert client().post("/api/shift", json=SIGNED | changed).status_code == status
    with site.store.read() as link:
        assert link.execute(select(handovers)).all() == []


def test_guessing_a_colleagues_password_ends_soon(site: Services, client: Client) -> None:
    user = client()
    tries = [user.post("/api/shift", json=SIGNED | {"password": f"guess {n}"}).status_code for n in range(6)]
    assert tries == [403] * 5 + [429]
