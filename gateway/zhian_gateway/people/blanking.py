"""Takes somebody out of what nodes told of them: passages and closed cases become nobody's, events a hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from ..errors import Conflict
from ..notices.rows import BLANK
from ..retention.contents import empty
from ..retention.holds import OPEN, crops, held_pictures
from ..services import Services
from ..store.tables import (
    alert_passages,
    alert_repeats,
    alerts,
    case_pictures,
    deliveries,
    escalations,
    hand_passes,
    notices,
    passages,
    police_feed,
    transitions,
    verdicts,
)
from .mentions import Mention, Named, about, mentions
from .unwanted import let_go

#: Whom a passage or case was about that is nobody's any more: one word for all, so that no two can be told to be one's.
ERASED: Final = "erased"


def events(parts: Services, tokens: Collection[str], former: Collection[str] = ()) -> int:
    """Let hashes stand for the bytes of every event that names one of these (as `mentions`); how many."""
    return sum(some_events(parts, batch, tokens) for batch in mentions(parts.store, tokens, former))


def some_events(parts: Services, named: Sequence[Mention], tokens: Collection[str]) -> int:
    """Likewise of these events, with the crops of those that are about one of `tokens`; how many."""
    if not named:
        return 0
    about_them = [f'"person_id":"{token}"'.encode() for token in tokens]
    shown = {crop for each in named if any(who in each.body for who in about_them) for crop in each.crops}
    with parts.store.write() as link:
        empty(link, [each.row for each in named])
        gone = let_go(link, shown - held_pictures(link), parts.now()) if shown else ()
    parts.pictures.delete(gone)
    return len(named)


def check_cases(link: Connection, named: Named) -> None:
    """Conflict when an open case is about them, or shows a passage of theirs."""
    passed = select(passages.c.id).where(about(passages, named))
    shown = select(alert_passages.c.alert_id).where(alert_passages.c.passage_id.in_(passed))
    again = select(alert_repeats.c.alert_id).where(about(alert_repeats, named))
    theirs = or_(about(alerts, named), alerts.c.id.in_(shown), alerts.c.passage_id.in_(passed), alerts.c.id.in_(again))
    ids = list(link.execute(select(alerts.c.id).where(OPEN, theirs).order_by(alerts.c.id)).scalars())
    if ids:
        raise Conflict(f"{named.person_id} is in open cases ({', '.join(map(str, ids))}): close these first")


def their_passages(link: Connection, named: Named, now: str) -> tuple[tuple[str, ...], int]:
    """Blank them; the crops whose files are to be deleted, and how many passages there were."""
    theirs = about(passages, named)
    rows = link.execute(select(passages.c.id, passages.c.evidence).where(theirs)).all()
    shown = let_go(link, {crop for row in rows for crop in crops(row.evidence)}, now)
    blank = {"person": ERASED, "plate": None, "plate_colour": None, "score": None, "margin": None, "evidence": "[]"}
    told = or_(notices.c.passage_id.in_(select(passages.c.id).where(theirs)), notices.c.person.in_(named.opaque))
    link.execute(update(notices).where(told).values(BLANK | {"person": None}))
    link.execute(update(passages).where(theirs).values(blank))
    by_hand = hand_passes.c.person.in_(named.opaque)
    link.execute(update(hand_passes).where(by_hand).values(person=ERASED, visit=None, why=""))
    # Somebody else came in their car: that one's passage stays, without the plate.
    nameless = {"plate": None, "plate_colour": None}
    link.execute(update(passages).where(passages.c.plate.in_(named.plates)).values(nameless))
    return shown, len(rows)


def their_cases(link: Connection, named: Named, now: str) -> tuple[tuple[str, ...], int]:
    """Blank the closed cases about them, and what was told of these; the pictures to delete, and how many cases."""
    again = delete(alert_repeats).where(about(alert_repeats, named)).returning(alert_repeats.c.evidence)
    evidence = list(link.execute(again).scalars())
    rows = link.execute(select(alerts.c.id, alerts.c.evidence).where(about(alerts, named))).all()
    ids, evidence = [row.id for row in rows], [*evidence, *(row.evidence for row in rows)]
    told = select(escalations.c.notice_id).where(escalations.c.alert_id.in_(ids))
    link.execute(update(notices).where(notices.c.id.in_(told)).values(BLANK))
    brought = link.execute(select(case_pictures.c.sha256).where(case_pictures.c.alert_id.in_(ids))).scalars().all()
    link.execute(delete(case_pictures).where(case_pictures.c.alert_id.in_(ids)))
    fed = select(police_feed.c.id).where(police_feed.c.alert_id.in_(ids))
    link.execute(delete(deliveries).where(deliveries.c.feed_id.in_(fed)))
    link.execute(delete(police_feed).where(police_feed.c.alert_id.in_(ids)))
    again = delete(alert_repeats).where(alert_repeats.c.alert_id.in_(ids)).returning(alert_repeats.c.evidence)
    evidence += link.execute(again).scalars()
    link.execute(update(transitions).where(transitions.c.alert_id.in_(ids)).values(note="", picture=None))
    link.execute(update(verdicts).where(verdicts.c.alert_id.in_(ids)).values(reason=""))
    blank = {"person": ERASED, "plate": None, "plate_colour": None, "detail": "", "evidence": "[]"}
    for number in ids:
        # The key names its subject.
        link.execute(update(alerts).where(alerts.c.id == number).values(blank | {"key": f"{ERASED}/{number}"}))
    shown = {*brought, *(crop for text in evidence for crop in crops(text))}
    return let_go(link, shown - _of_others(link, ids) - held_pictures(link), now), len(ids)


def _of_others(link: Connection, cases: Sequence[int]) -> set[str]:
    """The crops of passages in these cases that are somebody else's, and stay so."""
    linked = select(alert_passages.c.passage_id).where(alert_passages.c.alert_id.in_(cases))
    latest = select(alerts.c.passage_id).where(alerts.c.id.in_(cases), alerts.c.passage_id.is_not(None))
    either = or_(passages.c.id.in_(linked), passages.c.id.in_(latest))
    return {crop for text in link.execute(select(passages.c.evidence).where(either)).scalars() for crop in crops(text)}
