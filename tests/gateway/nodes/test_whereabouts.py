"""Siblings are told who went where: today only, people of the roster only, the latest only, and nobody twice."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from support.events import START, event, face, passage
from support.gateway import HttpOnly, add_node
from support.people import ground, person_file, some_face
from support.pipeline import take_in
from zhian_gateway.housekeeping import Housekeeping
from zhian_gateway.nodes.watching import NodeWatch
from zhian_gateway.people.whereabouts import Went, keep
from zhian_gateway.services import Services
from zhian_gateway.store.tables import people, whereabouts
from zhian_wire import codec, times
from zhian_wire.commands import RosterNotice
from zhian_wire.events import Event
from zhian_wire.evidence import Evidence
from zhian_wire.whereabouts import SitePresence


class Site:
    """Two gates of one school, and pupils by name."""

    def __init__(self, http: HttpOnly) -> None:
        self.parts = http.parts
        self._url = http.url
        self._tokens = {node: add_node(http.parts, node) for node in ("gate-1", "gate-2")}
        self._seq = 0
        self.names: dict[str, str] = {}

    def enrol(self, name: str, **about: Any) -> None:
        parts = self.parts
        with parts.store.write() as link:
            parts.registry.enrol(link, name, person_file(**about), ground(), some_face(), who="t", now=parts.now())
            opaque = link.execute(select(people.c.opaque).where(people.c.id == name)).scalar_one()
        self.names[opaque] = name

    def passes(self, name: str, zone: str, *, node: str = "gate-1", at: datetime = START, **more: Any) -> Event:
        self._seq += 1
        opaque = next(opaque for opaque, known in self.names.items() if known == name)
        seen = more.pop("evidence", ())
        told = event(passage(person_id=opaque, zone=zone, evidence=seen), seq=self._seq, node=node, at=at)
        told = type(told)(**{key: getattr(told, key) for key in told.__struct_fields__} | more)
        take_in(self.parts, told)
        return told

    def ask(self, node: str = "gate-2", **since: Any) -> SitePresence:
        headers = {"Authorization": f"Bearer {self._tokens[node]}", "X-Zhian-Node": node}
        found = httpx.get(f"{self._url}/presence", params=since, headers=headers, trust_env=False)
        assert found.status_code == 200
        return codec.decode_message(found.content, SitePresence)

    def told(self, node: str = "gate-2", **since: Any) -> list[tuple[str, str]]:
        return [(self.names[each.person], each.zone) for each in self.ask(node, **since).people]


@pytest.fixture
def site(http: HttpOnly) -> Site:
    one = Site(http)
    one.enrol("ann")
    one.enrol("bob")
    return one


def test_a_sibling_gets_the_whole_and_then_what_others_said_since(site: Site) -> None:
    site.passes("ann", "school")
    whole = site.ask()
    assert (site.told(), whole.since) == ([("ann", "school")], 0)
    assert whole.people[0].age_ms == round((site.parts.clock() - START).total_seconds() * 1000)
    site.passes("bob", "school", node="gate-2")
    site.passes("ann", "", at=START + timedelta(seconds=9))
    since = {"since": whole.version, "store": whole.store}
    assert site.told(**since) == [("ann", "")]
    assert site.ask(**since) == site.ask(**since)
    now = {"since": site.ask().version, "store": whole.store}
    assert site.told(**now) == []
    assert site.told("gate-2") == [("bob", "school"), ("ann", "")]


def test_an_older_word_that_comes_late_changes_nothing(site: Site) -> None:
    site.passes("ann", "", at=START + timedelta(minutes=5))
    version = site.ask().version
    site.passes("ann", "school", node="gate-2", at=START)
    assert (site.told(), site.ask().version) == ([("ann", "")], version)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_words_come_and_however_often_the_latest_counts(
    parts: Services, order: tuple[int, ...]
) -> None:
    words = [
        Went("p1", "school", "gate-1", "2026-03-02T07:00:00.000Z", "2026-03-02"),
        Went("p1", "school/library", "hall", "2026-03-02T08:00:00.000Z", "2026-03-02"),
        Went("p1", "", "gate-2", "2026-03-02T09:00:00.000Z", "2026-03-02"),
    ]
    for number in (*order, *order):
        with parts.store.write() as link:
            keep(link, [words[number]])
    with parts.store.write() as link:
        keep(link, words)
        (row,) = link.execute(select(whereabouts)).all()
    assert (row.zone, row.node) == ("", "gate-2")


def test_the_versions_of_another_store_mean_nothing(site: Site) -> None:
    site.passes("ann", "school")
    assert site.ask(since=1, store="other").since == 0
    assert site.ask(since=99, store=site.parts.store.store_id).since == 0
    assert site.told(since=1, store="other") == [("ann", "school")]


def test_nobody_is_told_of_who_is_on_no_roster_or_only_watched_for(site: Site) -> None:
    site.enrol("wanted", watch=True)
    for name in ("ann", "bob", "wanted"):
        site.passes(name, "school")
    with site.parts.store.write() as link:
        site.parts.registry.withdraw(link, "bob", who="t", now=site.parts.now())
    assert site.told() == [("ann", "school")]
    with site.parts.store.read() as link:
        assert len(link.execute(select(whereabouts)).all()) == 1


def test_yesterday_is_told_to_nobody_and_deleted(site: Site, clock: Any) -> None:
    site.passes("ann", "school")
    clock.forward(86_400)
    assert site.told() == []
    Housekeeping(site.parts).step()
    with site.parts.store.read() as link:
        assert link.execute(select(whereabouts)).all() == []


@pytest.mark.parametrize(
    ("clock_said", "late_s", "age_s"),
    [("trusted", 600, 600), ("unsynced", 30, 30), ("unsynced", 600, None), ("trusted", -600, 0)],
    ids=["sent late", "nobody vouches, but the gateway does", "nobody knows when", "from the future"],
)
def test_when_it_was_is_believed_as_far_as_somebody_vouches_for_it(
    site: Site, clock_said: str, late_s: int, age_s: int | None
) -> None:
    at = site.parts.clock() - timedelta(seconds=late_s)
    site.passes("ann", "school", at=at, clock=clock_said)
    ages = [each.age_ms for each in site.ask().people]
    assert ages == ([] if age_s is None else [age_s * 1000])


def test_it_was_when_somebody_went_over_the_line_not_when_it_was_told(site: Site) -> None:
    look, line = face(at_ms=2000), Evidence(kind="crossing", device="cam-1", at_ms=4000)
    site.passes("ann", "school", evidence=(look, line), mono_ms=10_000)
    site.passes("ann", "", node="gate-2", at=START - timedelta(seconds=5))
    assert site.told() == [("ann", "")]


def test_a_passage_through_a_lane_without_zones_is_none_of_it(site: Site) -> None:
    opaque = next(iter(site.names))
    take_in(site.parts, event(passage(person_id=opaque), seq=50))
    assert site.told() == []


def test_how_far_everything_of_a_sibling_is_known(site: Site, clock: Any) -> None:
    told = site.passes("ann", "school")
    parts = site.parts
    parts.siblings.hear("gate-1", told.epoch, told.seq, parts.clock())
    parts.siblings.hear("gate-2", "e1", 0, parts.clock())
    clock.forward(2)
    assert site.ask().siblings == {"gate-1": 2000}
    parts.siblings.hear("gate-1", told.epoch, told.seq + 1, parts.clock())
    clock.forward(3)
    assert site.ask().siblings == {"gate-1": 5000}


def test_only_who_asked_is_told_that_somebody_passed(site: Site, outbound: Any) -> None:
    watch = NodeWatch(site.parts, site.parts.bell.ring)
    site.ask("gate-2")
    site.passes("ann", "school")
    watch.step()
    said = {node: codec.decode_message(body, RosterNotice) for node, kind, body in outbound.sent if kind == "roster"}
    assert (said["gate-1"].presence, said["gate-2"].presence) == (0, site.ask().version)
    assert not any(name.encode() in body for _, _, body in outbound.sent for name in site.names)


def test_a_way_through_the_day_is_shown_to_who_may_and_looking_is_recorded(site: Site, client: Any, clock: Any) -> None:
    for number, (zone, way) in enumerate((("school", "in"), ("school/library", "in"), ("", "out"))):
        opaque = next(iter(site.names))
        told = passage(person_id=opaque, zone=zone, direction=way, lane=f"lane-{number}")
        take_in(site.parts, event(told, seq=60 + number))
    guard = client("guard")
    found = guard.get("/api/people/ann/day").json()
    assert [(step["lane"], step["zone"]) for step in found["steps"]] == [
        ("lane-0", "school"), ("lane-1", "school/library"), ("lane-2", "")
    ]  # fmt: skip
    assert (found["person"]["id"], found["day"], found["zone"]) == ("ann", "2026-03-02", "")
    assert guard.get("/api/people/ann/day", params={"day": "2026-03-01"}).json()["steps"] == []
    assert guard.get("/api/people/ghost/day").status_code == 404
    assert guard.get("/api/people/ann/day", params={"day": "today"}).status_code == 422
    with site.parts.store.read() as link:
        seen = link.exec_driver_sql("SELECT who, subject, detail FROM audit WHERE action = 'people.day'").all()
    assert seen == [("guard-1", "ann", "2026-03-02"), ("guard-1", "ann", "2026-03-01")]
    assert times.from_text(found["steps"][0]["time"]) < clock()
