"""The rules that are code, each a pure function of a situation, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from zhian_wire import reasons
from zhian_wire.events import Alert, Decision, Health, Passage
from zhian_wire.evidence import Direction

from ..cases.pieces import pieces
from ..cases.signals import Clear, Raise
from . import numbers
from .matching import Ruled, Ruleset, changed, raised_by_data
from .situation import Judgement, Known, Movement, Situation, lane_of, true_direction

Rule = Callable[[Situation], Iterator[Raise | Clear]]

NO_RULES: Final = Ruleset()

MOVEMENTS: Final[dict[Direction, Movement]] = {"in": "arrival", "out": "departure"}

#: Nobody is called a stranger who was not seen well enough to be named, or who resembles two people.
UNDECIDED: Final = frozenset({reasons.TOO_POOR, reasons.AMBIGUOUS})
#: Why a lane that opens says that somebody went in who was not let in. Its node raises that itself, as tailgating or a
#: borrowed card; where a person held the lane open, or there is fire, nobody is to be stopped.
TOLD_BY_NODE: Final = frozenset(
    {
        reasons.NO_CREDENTIAL,
        reasons.FACE_DIFFERS,
        reasons.UNKNOWN_CARD,
        reasons.WITHDRAWN_CARD,
        reasons.NOT_LISTED,
        reasons.NOT_VALID,
        reasons.OFF_SCHEDULE,
        reasons.TIME_UNKNOWN,
        reasons.MISSING_FACTOR,
        reasons.PASSBACK,
        reasons.LOCKED,
        reasons.STALE,
    }
)


def judge(situation: Situation, rules: Ruleset = NO_RULES) -> Judgement:
    """Every rule's word on one event: the ones that are code, then the site's own, and what these make of both."""
    return Judgement(movement_of(situation), tuple(each for each, _ in ruled(situation, rules) if each is not None))


def ruled(situation: Situation, rules: Ruleset) -> Iterator[tuple[Raise | Clear | None, Ruled | None]]:
    """Each signal as it is in the end (None: dropped), and how a raise came to it."""
    for rule in RULES:
        for signal in rule(situation):
            if isinstance(signal, Clear):
                yield signal, None
                continue
            told = changed(Ruled(signal, raised_by=f"({rule.__name__})"), rules)
            yield told.signal, told
    for raised in raised_by_data(situation, rules):
        told = changed(raised, rules)
        yield told.signal, told


def movement_of(situation: Situation) -> Movement | None:
    """Arrival or departure, for passages with a direction whose subject is known or a read plate."""
    passage = situation.event.data
    if not isinstance(passage, Passage) or (passage.person_id is None and passage.plate is None):
        return None
    return MOVEMENTS.get(true_direction(lane_of(situation.rules, passage), passage.direction))


def stranger(situation: Situation) -> Iterator[Raise]:
    """An unknown face at a lane that is closed to strangers; one case per place and window.

    Not where the node tells of the same passage: one happening is one case.
    """
    passage = situation.event.data
    if not isinstance(passage, Passage) or passage.kind != "face" or passage.person_id is not None:
        return
    if passage.direction == "in" and passage.reason in TOLD_BY_NODE:
        return
    lane = lane_of(situation.rules, passage)
    if lane.closed_to_strangers and passage.reason not in UNDECIDED:
        key = f"unknown_person/{situation.event.node}/{lane.lane}/{situation.window}"
        yield _of_passage(situation, passage, key=key, kind="unknown_person")


def watch_hit(situation: Situation) -> Iterator[Raise]:
    """Somebody on a watch list, by card, face or vehicle: a candidate, never a fact.

    By what a lane answered as well as by the passage, one case for both: whose card is refused may never be seen.
    They tell their transaction: it is one happening although two events raise it, seconds apart.
    """
    told = situation.event.data
    if not isinstance(told, (Passage, Decision)):
        return
    for subject in _watched(situation):
        place = lane_of(situation.rules, told).lane if isinstance(told, Passage) else told.lane
        key = f"watch_hit/{situation.event.node}/{place}/{subject.id}/{situation.window}"
        if isinstance(told, Passage):
            yield _of_passage(situation, told, key=key, kind="watch_hit", subject=subject)
        else:
            yield _of_decision(situation, told, key=key, subject=subject)


def _watched(situation: Situation) -> Iterator[Known]:
    if situation.person is not None and situation.person.watch:
        yield situation.person
    if situation.owner is not None and situation.owner.watch and situation.owner != situation.person:
        yield situation.owner


def _of_passage(situation: Situation, passage: Passage, *, key: str, kind: str, subject: Known | None = None) -> Raise:
    return Raise(
        key=key,
        kind=kind,
        severity="major" if subject is None else "critical",
        node=situation.event.node,
        at=situation.event.time,
        camera=passage.camera,
        lane=passage.lane,
        person=None if subject is None else subject.id,
        plate=passage.plate,
        plate_colour=passage.plate_colour,
        candidate=subject is not None,
        evidence=pieces(situation.event, passage.evidence),
        passage_id=situation.row,
        # A stranger is told by the passage alone.
        transaction=None if subject is None else passage.transaction,
    )


def _of_decision(situation: Situation, decision: Decision, *, key: str, subject: Known) -> Raise:
    """A watch-list hit by a card, face or plate that a lane answered."""
    return Raise(
        key=key,
        kind="watch_hit",
        severity="critical",
        node=situation.event.node,
        at=situation.event.time,
        camera=next((piece.device for piece in decision.evidence), None),
        lane=decision.lane,
        person=subject.id,
        plate=decision.plate,
        candidate=True,
        evidence=pieces(situation.event, decision.evidence),
        transaction=decision.transaction,
    )


def said_by_node(situation: Situation) -> Iterator[Raise]:
    """What the node itself raised (a full outbox, a forced door); its key is unique at its node only."""
    alert, event = situation.event.data, situation.event
    if isinstance(alert, Alert):
        yield Raise(
            key=numbers.without(f"{event.node}/{alert.key}", situation.cards),
            kind=alert.kind,
            severity=alert.severity,
            node=event.node,
            at=event.time,
            camera=alert.device,
            lane=alert.lane,
            person=alert.person_id,
            plate=alert.plate,
            plate_colour=next((piece.plate_colour for piece in alert.evidence if piece.plate_colour), None),
            candidate=alert.candidate,
            detail=alert.detail,
            evidence=pieces(event, alert.evidence),
        )


#: What a part that is down is called; parts that are not named here are `<component>_fault`.
FAULTS: Final = {
    "camera": "camera_blind",
    "vision": "node_blind",
    "outbox": "outbox_full",
    "lane": "without_face",
}
#: Causes that are a fault of their own, whatever part they befell.
CAUSES: Final = frozenset({"database_damaged"})
#: Faults that somebody must look at although the part still works.
SERIOUS: Final = frozenset({"outbox_full", "database_damaged", "without_face", "clock_fault"})


def _kind_of(health: Health) -> str:
    if health.cause in CAUSES:
        return health.cause
    if health.component == "camera" and health.status == "degraded":
        return _fault(health)  # it sees, but was moved or drifts: not blind
    return FAULTS.get(health.component, _fault(health))


def _fault(health: Health) -> str:
    return f"{health.component}_fault"


def ill_health(situation: Situation) -> Iterator[Raise | Clear]:
    """A part of a node went wrong or came back; coming back closes the case, and says so.

    The key is the one of an alert of the same kind that the node may raise beside it: one fault is one case.
    """
    health, event = situation.event.data, situation.event
    if not isinstance(health, Health):
        return
    if health.status == "ok":
        for kind in dict.fromkeys((_kind_of(health), _fault(health))):
            yield Clear(key=f"{event.node}/{health.device}/{kind}", at=event.time, note="recovered")
        return
    kind = _kind_of(health)
    yield Raise(
        key=f"{event.node}/{health.device}/{kind}",
        kind=kind,
        severity="major" if health.status == "down" or kind in SERIOUS else "minor",
        node=event.node,
        at=event.time,
        camera=health.device if health.component == "camera" else None,
        lane=health.device if health.component == "lane" else None,
        detail=": ".join(filter(None, (health.cause, health.detail))),
        evidence=pieces(event, health.evidence),
    )


def silence(node: str, at: str) -> Raise:
    """A node that is not heard of any more; there is no event for that."""
    return Raise(key=f"node_offline/{node}", kind="node_offline", severity="major", node=node, at=at)


def heard_again(node: str, at: str) -> Clear:
    """The node is heard again."""
    return Clear(key=f"node_offline/{node}", at=at, note="recovered")


def clock_off(node: str, ahead_s: float, at: str) -> Raise:
    """A node whose clock differs from the gateway's; its events are in their order, but at the wrong time of day."""
    detail = f"{abs(ahead_s):.1f} s {'ahead' if ahead_s > 0 else 'behind'}"
    return Raise(key=f"clock_off/{node}", kind="clock_off", severity="minor", node=node, at=at, detail=detail)


def clock_right(node: str, at: str) -> Clear:
    """The node's clock is right again."""
    return Clear(key=f"clock_off/{node}", at=at, note="recovered")


RULES: Final[tuple[Rule, ...]] = (stranger, watch_hit, said_by_node, ill_health)
