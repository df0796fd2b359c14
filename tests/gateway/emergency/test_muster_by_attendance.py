"""Whom no gate that counts told of is on the roll call too, and news of who left may come late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from support.school import TODAY, School, at, open_school
from zhian_gateway.attendance import correcting
from zhian_gateway.services import Services

Client = Callable[..., httpx.Client]


@pytest.fixture
def school(parts: Services, clock: Any) -> School:
    return open_school(parts, clock)


def arrived(school: School, person: str, clock: str) -> None:
    """A teacher says so."""
    day, parts = date.fromisoformat(TODAY), school.parts
    words: Any = {"first": day, "last": day, "kind": "arrived", "at": at(clock), "reason": "kitchen door"}
    with parts.store.write() as link:
        correcting.correct(link, parts, person, **words, who="wang")


def roll(client: httpx.Client) -> dict[str, tuple[str, bool, bool]]:
    """Zone, whether they left, and whether nobody can be certain."""
    people = client.get("/api/muster").raise_for_status().json()["people"]
    return {each["id"]: (each["zone"], each["left_at"] is not None, each["stale"]) for each in people}


def heard_late(school: School) -> None:
    """Ming came by a gate that counts; Lan by a camera that does not; of Hong a teacher says so."""
    school.now("07:40")
    school.passes("ming", "07:40", zone="school")
    school.passes("lan", "07:39")
    arrived(school, "hong", "07:35")
    school.now("10:00")


def test_who_came_by_a_gate_without_a_count_or_by_a_teachers_word_is_listed(school: School, client: Client) -> None:
    heard_late(school)
    guard = client("guard")
    # Ming's gate was not heard of lately either.
    everybody = {"ming": ("school", False, True), "hong": ("", False, True), "lan": ("", False, True)}
    assert roll(guard) == everybody
    guard.post("/api/muster", json={"drill": True}).raise_for_status()
    assert roll(guard) == everybody
    # Whoever comes in after that is added, and who goes out by such a gate has left.
    school.passes("lan", "10:02", "out")
    school.now("10:03")
    assert roll(guard) == everybody | {"lan": ("", True, True)}


def test_who_left_before_it_began_has_left_though_the_news_came_late(school: School, client: Client) -> None:
    heard_late(school)
    guard = client("guard")
    guard.post("/api/muster", json={"drill": False}).raise_for_status()
    school.now("10:05")
    school.passes("ming", "09:50", "out", node="gate-2", zone="")
    assert roll(guard)["ming"] == ("school", True, True)
    # And is inside again.
    school.passes("ming", "10:06", "in", zone="school")
    school.now("10:07")
    assert roll(guard)["ming"] == ("school", False, True)


def test_who_came_back_by_a_gate_without_a_count_after_a_counted_exit_is_listed(school: School, client: Client) -> None:
    school.now("07:40")
    for person in ("ming", "hong"):
        school.passes(person, "07:40", node="gate-2")
    school.passes("lan", "07:40", zone="school")
    school.now("12:00")
    for person in ("ming", "hong", "lan"):
        school.passes(person, "12:00", "out", zone="")
    school.now("13:20")
    school.passes("ming", "13:20", node="gate-2")
    arrived(school, "hong", "13:10")
    school.now("14:00")
    guard = client("guard")
    guard.post("/api/muster", json={"drill": False}).raise_for_status()
    assert roll(guard) == {"ming": ("", False, True), "hong": ("", False, True)}
    since = {each["id"]: each["at"] for each in guard.get("/api/muster").json()["people"]}
    assert since == {"ming": "2026-10-12T05:20:00.000Z", "hong": "2026-10-12T05:10:00.000Z"}
    # And the counted exit from before hides no later one by that gate.
    school.now("14:05")
    school.passes("ming", "14:05", "out", node="gate-2")
    assert roll(guard) == {"ming": ("", True, True), "hong": ("", False, True)}


def test_who_is_known_to_have_left_or_was_never_here_is_not_listed(school: School, client: Client) -> None:
    school.now("07:40")
    school.passes("ming", "07:40", zone="school")
    school.passes("lan", "07:39")
    school.now("11:31")
    school.passes("ming", "11:30", "out", zone="")
    school.passes("lan", "11:31", "out")
    school.now("11:40")
    assert roll(client("guard")) == {}
