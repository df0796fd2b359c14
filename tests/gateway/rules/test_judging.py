"""The first rules, by tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.events import START, event, passage
from zhian_gateway.cases.signals import Clear, Raise
from zhian_gateway.config_types import Lane, Rules
from zhian_gateway.rules.gathering import situations
from zhian_gateway.rules.judging import judge
from zhian_gateway.rules.situation import Known, Situation
from zhian_gateway.services import Services
from zhian_gateway.store import tables
from zhian_wire import reasons
from zhian_wire.events import Actuated, Alert, ClockSync, Decision, Health
from zhian_wire.evidence import Evidence

RULES = Rules(
    lanes=(
        Lane(lane="main", closed_to_strangers=True),
        Lane(lane="back", direction="reversed"),
        Lane(lane="exit", direction="out"),
        Lane(lane="yard", cameras=("cam-7",), closed_to_strangers=True),
    )
)
PUPIL = Known("p1")
WANTED = Known("p2", watch=True)


def situation(data: Any, **changes: Any) -> Situation:
    return Situation(**({"row": 1, "event": event(data), "rules": RULES} | changes))


def kinds(case: Situation) -> list[str]:
    return [signal.kind for signal in judge(case).signals if isinstance(signal, Raise)]


@pytest.mark.parametrize(
    ("changes", "movement"),
    [
        ({"person_id": "p1", "direction": "in"}, "arrival"),
        ({"person_id": "p1", "direction": "out"}, "departure"),
        ({"person_id": "p1", "direction": "none"}, None),
        ({"person_id": None, "direction": "in"}, None),
        ({"plate": "粤B12345", "kind": "plate", "direction": "in"}, "arrival"),
        ({"person_id": "p1", "direction": "in", "lane": "back"}, "departure"),
        ({"person_id": "p1", "direction": "out", "lane": "back"}, "arrival"),
        ({"person_id": "p1", "direction": "none", "lane": "back"}, None),
        ({"person_id": "p1", "direction": "in", "lane": "exit"}, "departure"),
        ({"person_id": "p1", "direction": "none", "lane": "exit"}, "departure"),
        ({"person_id": "p1", "direction": "in", "lane": None, "camera": "cam-9"}, "arrival"),
    ],
)
def test_movement_follows_the_lane(changes: dict[str, Any], movement: str | None) -> None:
    assert judge(situation(passage(**changes))).movement == movement


@pytest.mark.parametrize(
    ("changes", "raised"),
    [
        ({}, ["unknown_person"]),
        ({"direction": "out"}, ["unknown_person"]),
        ({"lane": "back"}, []),
        ({"lane": None, "camera": "cam-7"}, ["unknown_person"]),
        ({"lane": None, "camera": "cam-8"}, []),
        ({"person_id": "p1"}, []),
        ({"kind": "plate", "plate": "粤B12345"}, []),
        ({"kind": "body"}, []),
        ({"reason": reasons.TOO_POOR}, []),
        ({"reason": reasons.AMBIGUOUS}, []),
        ({"reason": reasons.SEEN}, ["unknown_person"]),
        ({"reason": reasons.NOT_LIVE}, ["unknown_person"]),
        ({"reason": reasons.NO_CREDENTIAL, "direction": "out"}, ["unknown_person"]),
        ({"reason": reasons.NO_CREDENTIAL, "direction": "in"}, []),
        ({"reason": reasons.UNKNOWN_CARD, "direction": "in"}, []),
        ({"reason": reasons.FACE_DIFFERS, "direction": "in"}, []),
    ],
)
def test_a_stranger_is_a_case_only_where_strangers_may_not_be(changes: dict[str, Any], raised: list[str]) -> None:
    assert kinds(situation(passage(**changes))) == raised


def test_strangers_within_a_window_share_a_case_and_later_ones_do_not() -> None:
    keys = []
    for seconds in (0, 200, 400):
        at = START + timedelta(seconds=seconds)
        (signal,) = judge(Situation(1, event(passage(), at=at), RULES)).signals
        keys.append(signal.key)
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("known", "raised"),
    [
        ({"person": PUPIL}, []),
        ({"person": WANTED}, ["watch_hit"]),
        ({"owner": PUPIL}, []),
        ({"owner": WANTED}, ["watch_hit"]),
        ({"person": WANTED, "owner": WANTED}, ["watch_hit"]),
        ({"person": PUPIL, "owner": WANTED}, ["watch_hit"]),
    ],
)
def test_a_watch_list_hit_is_a_candidate(known: dict[str, Known], raised: list[str]) -> None:
    judgement = judge(situation(passage(person_id="p", plate="粤B12345"), **known))
    hits = [signal for signal in judgement.signals if isinstance(signal, Raise)]
    assert [hit.kind for hit in hits] == raised
    assert all(hit.candidate and hit.severity == "critical" and hit.person == "p2" for hit in hits)


@pytest.mark.parametrize("verdict", ["open", "refuse"])
@pytest.mark.parametrize("kind", ["card", "face", "plate"])
def test_a_watch_list_hit_at_a_lane_that_nobody_passes_is_one_too(verdict: Any, kind: Any) -> None:
    shown = Evidence(kind=kind, device="reader-1", at_ms=5000)
    answer = Decision(
        transaction="t", lane="gate", verdict=verdict, reason="not_listed", policy="card", evidence_age_ms=1,
        person_id=WANTED.id, evidence=(shown,),
    )  # fmt: skip
    (hit,) = judge(situation(answer, person=WANTED)).signals
    assert isinstance(hit, Raise)
    assert (hit.kind, hit.candidate, hit.person, hit.lane, hit.camera) == ("watch_hit", True, "p2", "gate", "reader-1")
    assert [piece.kind for piece in hit.evidence] == [kind]
    gone_by = situation(passage(person_id=WANTED.id, lane="gate"), person=WANTED)
    assert [signal.key for signal in judge(gone_by).signals] == [hit.key]
    assert judge(situation(answer, person=PUPIL)).signals == ()


def test_what_the_node_raised_keeps_its_severity_and_is_told_apart_by_node() -> None:
    alert = Alert(key="outbox", kind="outbox_full", severity="critical", device="disk")
    (first,) = judge(Situation(1, event(alert, node="a"), RULES)).signals
    (second,) = judge(Situation(1, event(alert, node="b"), RULES)).signals
    assert (first.kind, first.severity) == ("outbox_full", "critical")
    assert first.key != second.key


@pytest.mark.parametrize(
    ("component", "status", "kind", "severity"),
    [
        ("camera", "down", "camera_blind", "major"),
        ("camera", "degraded", "camera_fault", "minor"),
        ("vision", "down", "node_blind", "major"),
        ("outbox", "down", "outbox_full", "major"),
        ("reader", "down", "reader_fault", "major"),
        ("lane", "degraded", "without_face", "major"),
        ("clock", "degraded", "clock_fault", "major"),
    ],
)
def test_a_part_that_is_down_is_a_case_that_closes_when_it_is_back(
    component: str, status: Any, kind: str, severity: str
) -> None:
    (raised,) = judge(situation(Health(component=component, device="d", status=status, cause="frozen"))).signals
    cleared = judge(situation(Health(component=component, device="d", status="ok"))).signals
    assert isinstance(raised, Raise)
    assert all(isinstance(signal, Clear) for signal in cleared)
    assert (raised.kind, raised.severity, raised.detail) == (kind, severity, "frozen")
    assert raised.key in {signal.key for signal in cleared}


@pytest.mark.parametrize(
    "data",
    [
        Decision(transaction="t", lane="main", verdict="open", reason="named", policy="observe", evidence_age_ms=5),
        Actuated(transaction="t", lane="main", action="pulse", result="done"),
        ClockSync(before="unsynced", after="trusted", offset_ms=5, at_ms=5),
    ],
)
def test_other_events_are_kept_without_a_case(data: Any) -> None:
    assert judge(situation(data)).signals == ()


@pytest.mark.parametrize(
    ("component", "cause", "kind"),
    [
        ("outbox", "undelivered", "outbox_full"),
        ("outbox", "disk_short", "outbox_full"),
        ("outbox", "database_damaged", "database_damaged"),
        ("database", "database_damaged", "database_damaged"),
    ],
)
def test_a_fault_is_called_by_its_cause_and_is_one_case_with_the_nodes_own_alert(
    component: str, cause: str, kind: str
) -> None:
    said = Health(component=component, device="gate-1", status="degraded", cause=cause)
    alert = Alert(key=f"gate-1/{kind}", kind=kind, severity="major", device="gate-1")
    (by_health,) = judge(situation(said)).signals
    (by_alert,) = judge(situation(alert)).signals
    assert isinstance(by_health, Raise)
    assert isinstance(by_alert, Raise)
    assert (by_health.kind, by_health.key, by_health.severity) == (by_alert.kind, by_alert.key, by_alert.severity)


def test_recovery_closes_the_case_that_the_nodes_own_alert_opened() -> None:
    cleared = judge(situation(Health(component="outbox", device="gate-1", status="ok"))).signals
    assert "gate-1/gate-1/outbox_full" in {signal.key for signal in cleared if isinstance(signal, Clear)}


def test_a_case_about_a_card_does_not_hold_its_number_and_merges_by_it_all_the_same(parts: Services) -> None:
    def keys(card: str, node: str = "gate-1") -> list[str]:
        shown = Evidence(kind="card", device="in", at_ms=1, card=card)
        alert = Alert(
            key=f"main/unknown_card/{card}/boot-0",
            kind="unknown_card",
            severity="minor",
            device="in",
            evidence=(shown,),
        )
        with parts.store.read() as link:
            cases = situations(link, [(1, event(alert, node=node)), (2, event(alert, node=node))], RULES)
        return [signal.key for case in cases for signal in judge(case).signals]

    first, again = keys("04A1B2C3")
    assert first == again
    assert first.startswith("gate-1/main/unknown_card/")
    assert first.endswith("/boot-0")
    assert "04A1B2C3" not in first
    assert len({first, keys("04A1B2C4")[0], keys("04A1B2C3", "gate-2")[0]}) == 3
    with parts.store.write() as link:
        link.execute(tables.store.update().values(key="00" * 32))
    assert keys("04A1B2C3") != [first, again], "who knows the card alone cannot tell"
