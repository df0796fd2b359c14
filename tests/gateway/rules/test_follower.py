"""Stored events become passages, cases and notices exactly once, whatever a rule does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from support.events import START, event, face, passage
from support.people import ground, person_file, some_face
from support.pipeline import admit
from zhian_gateway.cases.book import Book
from zhian_gateway.errors import StoreAway
from zhian_gateway.ingest.keeping import Keeper
from zhian_gateway.ingest.sorting import Message
from zhian_gateway.notices.queueing import Desk
from zhian_gateway.rules import follower as module
from zhian_gateway.rules.follower import Follower
from zhian_gateway.services import Services
from zhian_gateway.store import stream
from zhian_gateway.store.tables import alert_passages, alert_repeats, alerts, events, notices, passages, people
from zhian_wire import codec
from zhian_wire.alerts import AlertState
from zhian_wire.events import Alert, Decision, Event, Passage
from zhian_wire.evidence import Evidence


def keep(parts: Services, *found: Event) -> None:
    admit(parts.store, parts.site, *(each.node for each in found))
    keeper = Keeper(parts.store, parts.book, site=parts.site, zone=parts.zone, clock=parts.clock)
    keeper.keep([Message(each.node, codec.encode(each)) for each in found])


def follower_of(parts: Services, moved: Callable[[], None] = lambda: None) -> Follower:
    return Follower(
        parts.store,
        Book(parts.site),
        Desk(parts.config),
        parts.lanes,
        site=parts.site,
        rules=parts.config.rules,
        clock=parts.clock,
        changed=parts.bell.ring,
        moved=moved,
    )


@pytest.fixture
def follower(parts: Services) -> Follower:
    return follower_of(parts)


def rows(parts: Services, table: Any) -> list[Any]:
    with parts.store.read() as link:
        return list(link.execute(select(table)))


def enrol(parts: Services, person: str = "pupil-1", **about: Any) -> str:
    with parts.store.write() as link:
        parts.registry.enrol(link, person, person_file(**about), ground(), some_face(), who="t", now=parts.now())
        return link.execute(select(people.c.opaque).where(people.c.id == person)).scalar_one()


def test_siblings_are_to_look_where_somebody_went_and_for_nothing_else(parts: Services) -> None:
    moved: list[int] = []
    follower = follower_of(parts, lambda: moved.append(1))
    opaque = enrol(parts)
    keep(parts, event(seq=1), event(Alert(key="k", kind="door_forced", severity="major", device="d"), seq=2))
    assert follower.step()
    assert moved == []
    keep(parts, event(passage(person_id=opaque, zone="school"), seq=3))
    assert follower.step()
    assert moved == [1]
    assert not follower.step()
    assert moved == [1]


def test_events_are_followed_once(parts: Services, follower: Follower) -> None:
    keep(parts, event(seq=1), event(seq=2))
    assert [follower.step(), follower.step()] == [2, 0]
    assert len(rows(parts, passages)) == 2
    assert [(row.kind, row.count) for row in rows(parts, alerts)] == [("unknown_person", 2)]


def test_an_arrival_is_told_once_to_each_guardian(parts: Services, follower: Follower) -> None:
    opaque = enrol(parts, name="小明", guardians=["inbox://mother", "inbox://father"])
    keep(parts, event(passage(person_id=opaque, reason="named")))
    follower.step()
    found = rows(parts, notices)
    assert sorted(row.to for row in found) == ["father", "mother"]
    assert all("小明" in row.title and "15:30:01" in row.body for row in found)


def test_a_watched_person_is_a_case_and_no_notice(parts: Services, follower: Follower) -> None:
    opaque = enrol(parts, watch=True, guardians=["inbox://x"])
    keep(parts, event(passage(person_id=opaque, reason="named")))
    follower.step()
    assert [(row.kind, row.candidate, row.person) for row in rows(parts, alerts)] == [("watch_hit", True, opaque)]
    assert rows(parts, notices) == []


def watched(opaque: str, transaction: str = "t-1") -> tuple[Decision, Passage]:
    """A watched person's card at the lane: what it answered, and how they went through."""
    card = Evidence(kind="card", device="reader-1", at_ms=900, card="04A1B2C3", person_id=opaque)
    answered: dict[str, Any] = {"verdict": "open", "reason": "card", "policy": "card", "evidence_age_ms": 1}
    told = Decision(transaction=transaction, lane="main", person_id=opaque, evidence=(card,), **answered)
    seen = (card, face(person_id=opaque))
    return told, passage(transaction=transaction, person_id=opaque, reason="named", evidence=seen)


@pytest.mark.parametrize("target", ["acknowledged", "false_alarm"])
def test_what_a_guard_said_of_a_watched_card_holds_when_its_passage_is_told(
    parts: Services, follower: Follower, target: AlertState
) -> None:
    told, went = watched(enrol(parts, watch=True))
    keep(parts, event(told, seq=1))
    follower.step()
    with parts.store.write() as link:
        said = {"who": "li", "now": parts.now(), "note": "seen"}
        parts.book.move(link, 1, target=target, expected="raised", **said)
    keep(parts, event(went, seq=2))
    follower.step()
    (case,) = rows(parts, alerts)
    assert (case.state, case.count, case.passage_id) == (target, 1, rows(parts, passages)[0].id)
    (repeat,) = rows(parts, alert_repeats)
    assert repeat.evidence == case.evidence
    assert '"kind":"face"' in case.evidence
    assert [(one.alert_id, one.passage_id) for one in rows(parts, alert_passages)] == [(case.id, case.passage_id)]


@pytest.mark.parametrize("together", [True, False])
def test_a_watched_card_and_its_passage_are_one_case_across_the_window_s_end(
    parts: Services, follower: Follower, together: bool
) -> None:
    told, went = watched(enrol(parts, watch=True))
    before, after = START.replace(hour=7, minute=59, second=58), START.replace(hour=8, second=3)
    first, second = event(told, seq=1, at=before), event(went, seq=2, at=after)
    for found in [(first, second)] if together else [(first,), (second,)]:
        keep(parts, *found)
        follower.step()
    assert [(case.state, case.count) for case in rows(parts, alerts)] == [("raised", 1)]


def test_a_watched_person_who_comes_once_more_is_raised_again(parts: Services, follower: Follower) -> None:
    opaque = enrol(parts, watch=True)
    keep(parts, *(event(one, seq=number) for number, one in enumerate(watched(opaque), 1)))
    follower.step()
    with parts.store.write() as link:
        parts.book.move(link, 1, target="acknowledged", expected="raised", who="li", now=parts.now(), note="seen")
    keep(parts, *(event(one, seq=number) for number, one in enumerate(watched(opaque, "t-2"), 3)))
    follower.step()
    assert [(case.state, case.count) for case in rows(parts, alerts)] == [("raised", 2)]
    assert len(rows(parts, alert_repeats)) == 2


def test_somebody_who_withdrew_is_told_to_nobody(parts: Services, follower: Follower) -> None:
    opaque = enrol(parts, guardians=["inbox://mother"])
    with parts.store.write() as link:
        parts.registry.withdraw(link, "pupil-1", who="t", now=parts.now())
    keep(parts, event(passage(person_id=opaque, reason="named")))
    follower.step()
    assert rows(parts, notices) == []


def test_evidence_has_the_time_that_it_was_seen_at(parts: Services, follower: Follower) -> None:
    keep(parts, event(passage(evidence=(face(at_ms=400),))))
    follower.step()
    assert '"at":"2026-03-02T07:30:00.400Z"' in rows(parts, passages)[0].evidence


def test_a_rule_that_fails_stops_nothing_and_is_told(
    parts: Services, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module.judge

    def judge(case: Any, rules: Any) -> Any:
        if case.event.seq == 2:
            raise ZeroDivisionError
        return real(case, rules)

    monkeypatch.setattr(module, "judge", judge)
    keep(parts, event(seq=1), event(seq=2), event(seq=3))
    follower.step()
    assert len(rows(parts, passages)) == 2
    assert {row.kind for row in rows(parts, alerts)} == {"unknown_person", "rule_failed"}


def test_a_row_that_is_no_event_any_more_stops_nothing_and_is_told(parts: Services, follower: Follower) -> None:
    keep(parts, event(seq=1), event(seq=2), event(seq=3))
    with parts.store.write() as link:
        link.execute(update(events).where(events.c.seq == 2).values(body=b"{}"))
    assert [follower.step(), follower.step()] == [3, 0]
    assert len(rows(parts, passages)) == 2
    assert {(row.kind, row.detail) for row in rows(parts, alerts) if row.kind == "rule_failed"} == {
        ("rule_failed", "gate-1/e1/2")
    }


def full() -> OperationalError:
    return OperationalError("INSERT", None, Exception("database or disk is full"))


def lost() -> ProgrammingError:
    return ProgrammingError("INSERT", None, Exception("closed"), connection_invalidated=True)


@pytest.mark.parametrize("fault", [full, lost, lambda: StoreAway("away")])
@pytest.mark.parametrize("alone", [True, False])
def test_an_event_is_not_lost_for_a_fault_of_the_store(
    parts: Services, follower: Follower, monkeypatch: pytest.MonkeyPatch, fault: Callable[[], Exception], alone: bool
) -> None:
    opaque = enrol(parts, guardians=["inbox://mother"])
    keep(parts, event(passage(person_id=opaque, reason="named"), seq=1), event(seq=2))
    # All together first; each alone where one of them is at fault itself.
    faults = [ZeroDivisionError(), fault()] if alone else [fault()]
    real = module.bulk.insert

    def insert(*args: Any) -> None:
        real(*args)
        if faults:
            raise faults.pop(0)

    monkeypatch.setattr(module.bulk, "insert", insert)
    with pytest.raises((type(fault()), StoreAway)):
        follower.step()
    assert (rows(parts, passages), rows(parts, notices)) == ([], [])
    assert [follower.step(), follower.step()] == [2, 0]
    assert (len(rows(parts, passages)), len(rows(parts, notices))) == (2, 1)
    assert {row.kind for row in rows(parts, alerts)} == {"unknown_person"}


def test_what_changed_is_in_the_stream(parts: Services, follower: Follower) -> None:
    keep(parts, event())
    follower.step()
    with parts.store.read() as link:
        assert [entry.kind for entry in stream.after(link, 0)] == ["passage", "alert"]


def test_a_storm_is_followed_like_the_same_events_one_by_one(parts: Services, follower: Follower) -> None:
    opaque = enrol(parts, name="小明", guardians=["inbox://mother"], plates=("京A12345",))
    subjects = (passage(), passage(person_id=opaque, reason="named"), passage(kind="plate", plate="京A12345"))
    keep(parts, *(event(subjects[seq % 3], seq=seq) for seq in range(1, 61)))
    assert [follower.step(), follower.step()] == [60, 0]
    assert [row.id for row in rows(parts, passages)] == list(range(1, 61))
    assert [(row.kind, row.count, row.passage_id) for row in rows(parts, alerts)] == [("unknown_person", 20, 60)]
    assert len(rows(parts, notices)) == 20
    with parts.store.read() as link:
        told = [entry.kind for entry in stream.after(link, 0)]
    assert (told.count("passage"), told.count("alert"), told.count("notice")) == (60, 1, 20)


def test_an_alert_does_not_wait_behind_a_backlog(parts: Services, follower: Follower) -> None:
    behind = module.AT_ONCE + 1
    keep(parts, *(event(passage(kind="body"), seq=seq) for seq in range(1, behind + 1)))
    forced = Alert(key="k", kind="door_forced", severity="major", device="d")
    keep(parts, event(forced, seq=behind + 1))
    follower.step()
    assert [row.kind for row in rows(parts, alerts)] == ["door_forced"]
    assert rows(parts, passages) == []
    while follower.step():
        pass
    assert [row.count for row in rows(parts, alerts)] == [1]
    assert len(rows(parts, passages)) == behind
