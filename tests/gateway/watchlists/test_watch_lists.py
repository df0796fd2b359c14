"""Entries of watch lists over HTTP: two people, one ground, an end; nodes look for no one else."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from support.events import event, passage
from support.gateway import HttpOnly, log_in
from support.people import JPEG, FolderEnroller
from support.pipeline import take_in
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.people import rosters
from zhian_gateway.retention.job import Job
from zhian_gateway.services import Services
from zhian_gateway.store.tables import (
    audit,
    enrolment_pictures,
    passages,
    people,
    templates,
    watch_entries,
    watch_pictures,
)
from zhian_gateway.watchlists import office
from zhian_gateway.watchlists.rules import WAITS

Officers = Callable[[str], httpx.Client]
PLATES = ["粤b12345"]
DAY = 86_400


@pytest.fixture
def parts(parts: Services) -> Services:
    """Photographs are counted, not looked at."""
    return dataclasses.replace(parts, enroller=FolderEnroller())


@pytest.fixture
def officer(http: HttpOnly) -> Iterator[Officers]:
    """Officers by name, and an administrator who is called `boss`."""
    made: dict[str, httpx.Client] = {}

    def of(name: str) -> httpx.Client:
        if name not in made:
            made[name] = log_in(http.parts, http.url, name, "admin" if name == "boss" else "police")
        return made[name]

    yield of
    for each in made.values():
        each.close()


def propose(who: httpx.Client, **changes: Any) -> dict[str, Any]:
    wanted = {"label": "A man with a scar", "ground": "warrant 2026/17", "until": "2026-03-31", "plates": PLATES}
    answer = who.post("/api/watch-lists", json=wanted | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def add_picture(who: httpx.Client, entry: dict[str, Any], data: bytes = JPEG) -> httpx.Response:
    return who.put(f"/api/watch-lists/{entry['id']}/pictures", content=data)


def decide(who: httpx.Client, entry: dict[str, Any], decision: str = "approved", **more: Any) -> httpx.Response:
    said = {"decision": decision, "reason": "compared with the warrant"} | more
    return who.post(f"/api/watch-lists/{entry['id']}/decision", json=said)


def seen_by(who: httpx.Client, entry: dict[str, Any]) -> dict[str, Any]:
    items = who.get("/api/watch-lists").raise_for_status().json()["items"]
    return next(each for each in items if each["id"] == entry["id"])


def on_roster(parts: Services) -> list[tuple[bool, tuple[str, ...], int]]:
    with parts.store.read() as link:
        persons = rosters.build(link, since=0, now=parts.now()).persons
    return [(each.watch, each.plates, len(each.templates)) for each in persons]


def test_nobody_is_looked_for_by_one_persons_word(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"))
    add_picture(officer("li"), entry).raise_for_status()
    shown = seen_by(officer("li"), entry)
    own = decide(officer("li"), entry, seen=[each["sha256"] for each in shown["pictures"]])
    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    assert on_roster(parts) == []
    assert seen_by(officer("chen"), entry)["state"] == "proposed"


def test_what_a_second_person_approved_reaches_the_nodes_as_a_candidate(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"))
    add_picture(officer("li"), entry).raise_for_status()
    add_picture(officer("li"), entry, JPEG + b"2").raise_for_status()
    seen = [each["sha256"] for each in seen_by(officer("chen"), entry)["pictures"]]
    told = decide(officer("chen"), entry, seen=seen).raise_for_status().json()
    assert (told["state"], told["decided_by"], told["templates"]) == ("active", "chen", 2)
    assert on_roster(parts) == [(True, ("粤B12345",), 2)]
    with parts.store.read() as link:
        person = link.execute(select(people).where(people.c.id == entry["id"])).mappings().one()
        assert link.execute(select(watch_pictures)).all() == []
    assert (person["watch"], person["group"], person["name"]) == (True, "watch", "A man with a scar")
    assert decide(officer("boss"), entry, seen=seen).status_code == 409


def test_photographs_that_the_approver_has_not_seen_are_not_approved(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"), plates=[])
    seen = [add_picture(officer("li"), entry).json()["sha256"]]
    add_picture(officer("li"), entry, JPEG + b"later").raise_for_status()
    assert decide(officer("chen"), entry, seen=seen).status_code == 409
    assert on_roster(parts) == []


def test_an_entry_without_a_face_or_a_plate_is_not_approved(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"), plates=[])
    answer = decide(officer("chen"), entry)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert seen_by(officer("chen"), entry)["state"] == "proposed"


def test_only_who_proposed_adds_photographs_and_only_real_ones(officer: Officers) -> None:
    entry = propose(officer("li"))
    assert add_picture(officer("chen"), entry).status_code == 403
    assert add_picture(officer("li"), entry, b"no picture").status_code == 422
    assert add_picture(officer("li"), {"id": "w-000000000000"}).status_code == 404
    for number in range(10):
        add_picture(officer("li"), entry, JPEG + bytes([number])).raise_for_status()
    assert add_picture(officer("li"), entry, JPEG + b"one more").status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"label": " "},
        {"ground": ""},
        {"until": "2026-03-01"},
        {"until": "2026-02-30"},
        {"until": "soon"},
        {"plates": ["x"]},
        {"plates": ["粤B 1234"]},
    ],
)
def test_what_cannot_be_is_refused(officer: Officers, changes: dict[str, Any]) -> None:
    wanted = {"label": "somebody", "ground": "warrant", "until": "2026-03-31", "plates": []} | changes
    assert officer("li").post("/api/watch-lists", json=wanted).status_code == 422


def files(parts: Services) -> set[str]:
    return {name for part in range(256) for name in parts.pictures.older("portraits", part, 9e12)}


def test_a_refused_proposal_leaves_no_photograph(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"))
    add_picture(officer("li"), entry).raise_for_status()
    assert len(files(parts)) == 1
    told = decide(officer("chen"), entry, "refused").raise_for_status().json()
    assert (told["state"], told["pictures"], told["ended_by"]) == ("refused", [], "chen")
    assert files(parts) == set()


def test_anyone_entitled_ends_it_and_nodes_forget_it(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"))
    seen = [add_picture(officer("li"), entry).json()["sha256"]]
    decide(officer("chen"), entry, seen=seen).raise_for_status()
    said = {"reason": "arrested"}
    officer("li").post(f"/api/watch-lists/{entry['id']}/withdrawal", json=said).raise_for_status()
    assert (seen_by(officer("li"), entry)["state"], on_roster(parts), files(parts)) == ("withdrawn", [], set())
    again = officer("li").post(f"/api/watch-lists/{entry['id']}/withdrawal", json=said)
    assert again.status_code == 409


def test_it_ends_with_its_ground_and_its_record_with_retention(parts: Services, officer: Officers, clock: Any) -> None:
    entry = propose(officer("li"))
    seen = [add_picture(officer("li"), entry).json()["sha256"]]
    decide(officer("chen"), entry, seen=seen).raise_for_status()
    clock.forward(40 * DAY)
    Housekeeping(parts).step()
    assert on_roster(parts) == []
    with parts.store.read() as link:
        row = link.execute(select(watch_entries)).mappings().one()
        assert (row["state"], row["ended_by"]) == ("expired", "gateway")
        assert [link.execute(select(table)).all() for table in (templates, enrolment_pictures)] == [[], []]
    assert files(parts) == set()
    list(Job(parts).batches("test"))
    with parts.store.read() as link:
        assert link.execute(select(watch_entries.c.id)).scalars().all() == [entry["id"]]
    clock.forward(366 * DAY)
    list(Job(parts).batches("test"))
    with parts.store.read() as link:
        assert link.execute(select(watch_entries.c.id)).all() == []
        query = select(audit.c.subject).where(audit.c.action == "watch.delete")
        assert link.execute(query).scalars().all() == [entry["id"]]


def test_somebody_who_was_withdrawn_alone_ends_with_the_ground_and_holds_nothing_up(
    parts: Services, officer: Officers, clock: Any
) -> None:
    entries = [propose(officer("li")), propose(officer("li"))]
    for entry in entries:
        decide(officer("chen"), entry, seen=[]).raise_for_status()
    with parts.store.write() as link:
        parts.registry.withdraw(link, entries[0]["id"], who="cli:root", now=parts.now())
    clock.forward(40 * DAY)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        assert link.execute(select(watch_entries.c.state)).scalars().all() == ["expired", "expired"]
    assert on_roster(parts) == []


def test_an_entry_that_cannot_be_ended_holds_up_no_other(parts: Services, officer: Officers, clock: Any) -> None:
    entries = [propose(officer("li")), propose(officer("li"))]
    first, second = sorted(entry["id"] for entry in entries)
    for entry in entries:
        decide(officer("chen"), entry, seen=[]).raise_for_status()
    with parts.store.read() as link:
        opaque = link.execute(select(people.c.opaque).where(people.c.id == first)).scalar_one()
    take_in(parts, event(passage(person_id=opaque), seq=1))
    with parts.store.write() as link:
        link.execute(update(passages).values(evidence="damaged"))
    clock.forward(40 * DAY)
    office.sweep(parts)
    with parts.store.read() as link:
        states = link.execute(select(watch_entries.c.id, watch_entries.c.state).order_by(watch_entries.c.id)).all()
    assert [tuple(row) for row in states] == [(first, "active"), (second, "expired")]


def test_a_proposal_that_nobody_approves_lapses(parts: Services, officer: Officers, clock: Any) -> None:
    entry = propose(officer("li"), until="2027-01-01")
    add_picture(officer("li"), entry).raise_for_status()
    clock.forward(WAITS.total_seconds() + 1)
    Housekeeping(parts).step()
    with parts.store.read() as link:
        row = link.execute(select(watch_entries.c.state, watch_entries.c.reason)).one()
    assert tuple(row) == ("lapsed", "nobody approved it in time")
    assert files(parts) == set()


def test_retention_takes_no_photograph_of_a_proposal_for_a_stray(
    parts: Services, officer: Officers, clock: Any
) -> None:
    entry = propose(officer("li"))
    add_picture(officer("li"), entry).raise_for_status()
    clock.forward(20 * 366 * DAY)
    list(Job(parts).batches("test"))
    assert len(files(parts)) == 1


def test_every_step_and_every_look_is_in_the_audit(parts: Services, officer: Officers) -> None:
    entry = propose(officer("li"))
    sha256 = add_picture(officer("li"), entry).json()["sha256"]
    shown = seen_by(officer("chen"), entry)["pictures"][0]["url"]
    assert officer("chen").get(shown).content == JPEG
    decide(officer("chen"), entry, seen=[sha256]).raise_for_status()
    officer("boss").post(f"/api/watch-lists/{entry['id']}/withdrawal", json={"reason": "over"}).raise_for_status()
    with parts.store.read() as link:
        query = select(audit.c.who, audit.c.action).where(audit.c.action.startswith("watch."), audit.c.subject != "")
        told = [tuple(row) for row in link.execute(query.order_by(audit.c.id))]
    assert told == [
        ("li", "watch.propose"),
        ("li", "watch.add_picture"),
        ("chen", "watch.picture"),
        ("chen", "watch.approve"),
        ("boss", "watch.withdraw"),
    ]


def test_a_picture_of_another_entry_is_not_shown(officer: Officers) -> None:
    one, other = propose(officer("li")), propose(officer("li"))
    sha256 = add_picture(officer("li"), one).json()["sha256"]
    assert officer("chen").get(f"/api/watch-lists/{other['id']}/pictures/{sha256}").status_code == 404
