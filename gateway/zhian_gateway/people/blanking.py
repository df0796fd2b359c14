"""Takes somebody out of what nodes told of them: passages and closed cases become nobody's, events a hash."""

from __future__ import annotations

from collections.abc import Collection, Sequence, Set
from functools import partial

from sqlalchemy import Connection, delete, or_, select, update

from ..errors import Conflict
from ..notices import forgetting
from ..retention.contents import empty
from ..retention.holds import OPEN, crops, held_passages, held_pictures
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
from . import unnaming
from .mentions import Mention, Named, about, mentions
from .sharing import others_crops
from .unnaming import ERASED
from .unwanted import let_go


def events(parts: Services, tokens: Collection[str], former: Collection[str] = ()) -> int:
    """Let hashes stand for the bytes of every event that names one of these (as `mentions`); how many."""
    return sum(some_events(parts, batch, tokens) for batch in mentions(parts.store, tokens, former))


def some_events(parts: Services, named: Sequence[Mention], tokens: Collection[str]) -> int:
    """Likewise of these events; how many.

    With the crops that bear their name, in whosever evidence, and those of theirs that bear nobody's.
    """
    if not named:
        return 0
    rows = [each.row for each in named]
    with parts.store.write() as link:
        empty(link, rows)
        shown = _their_crops(link, named, frozenset(tokens)) | unnaming.of_passages(link, rows, tokens)
        gone = let_go(link, shown - held_pictures(link), parts.now()) if shown else ()
    parts.pictures.delete(gone)
    return len(named)


def _their_crops(link: Connection, named: Sequence[Mention], tokens: Set[str]) -> set[str]:
    """Of nobody's in an event about them, those stay that a passage of somebody else shows too."""
    told = [each for mention in named if (each := mention.told) is not None]
    with_name = {crop for each in told for who, crop in each.crops if who in tokens}
    about_them = [each for each in told if each.data.person_id in tokens]
    nameless = {crop for each in about_them for who, crop in each.crops if who is None}
    if not nameless:
        return with_name
    moments = [(each.node, each.time) for each in about_them]
    return with_name | (nameless - others_crops(link, moments, lambda row: row.person in tokens))


def check_cases(link: Connection, named: Named) -> None:
    """Conflict when an open case is about them, names them in evidence, or shows a passage of theirs."""
    names = partial(unnaming.names, opaque=named.opaque)
    held = passages.c.id.in_(held_passages()) & names(passages)
    passed = select(passages.c.id).where(or_(about(passages, named), held))
    shown = select(alert_passages.c.alert_id).where(alert_passages.c.passage_id.in_(passed))
    again = select(alert_repeats.c.alert_id).where(or_(about(alert_repeats, named), names(alert_repeats)))
    theirs = or_(
        about(alerts, named),
        names(alerts),
        alerts.c.id.in_(shown),
        alerts.c.passage_id.in_(passed),
        alerts.c.id.in_(again),
    )
    ids = list(link.execute(select(alerts.c.id).where(OPEN, theirs).order_by(alerts.c.id)).scalars())
    if ids:
        raise Conflict(f"{named.person_id} is in open cases ({', '.join(map(str, ids))}): close these first")


def their_passages(link: Connection, named: Named, now: str) -> tuple[tuple[str, ...], int]:
    """Blank them; the crops whose files are to be deleted, and how many passages there were."""
    theirs = about(passages, named)
    query = select(passages.c.id, passages.c.node, passages.c.time, passages.c.evidence).where(theirs)
    rows = link.execute(query).all()
    ids, seen = {row.id for row in rows}, {crop for row in rows for crop in crops(row.evidence)}
    moments = [(row.node, row.time) for row in rows if crops(row.evidence)]
    others = others_crops(link, moments, lambda row: row.id in ids)
    shown = let_go(link, seen - others - held_pictures(link), now)
    blank = {"person": ERASED, "plate": None, "plate_colour": None, "score": None, "margin": None, "evidence": "[]"}
    told = or_(notices.c.passage_id.in_(select(passages.c.id).where(theirs)), notices.c.person.in_(named.opaque))
    forgetting.forget(link, told)
    link.execute(update(notices).where(told).values(person=None))
    link.execute(update(passages).where(theirs).values(blank))
    by_hand = hand_passes.c.person.in_(named.opaque)
    link.execute(update(hand_passes).where(by_hand).values(person=ERASED, visit=None, why=""))
    # Somebody else came in their car: that one's passage stays, without the plate.
    nameless = {"plate": None, "plate_colour": None}
    link.execute(update(passages).where(passages.c.plate.in_(named.plates)).values(nameless))
    return shown, len(rows)


def their_cases(link: Connection, named: Named, now: str) -> tuple[tuple[str, ...], int]:
    """Blank the closed cases about them, and what was told of these; the pictures to delete, and how many cases.

    Others' cases lose the pieces' names alone.
    """
    again = delete(alert_repeats).where(about(alert_repeats, named)).returning(alert_repeats.c.evidence)
    evidence = list(link.execute(again).scalars())
    rows = link.execute(select(alerts.c.id, alerts.c.evidence).where(about(alerts, named))).all()
    ids, evidence = [row.id for row in rows], [*evidence, *(row.evidence for row in rows)]
    told = select(escalations.c.notice_id).where(escalations.c.alert_id.in_(ids))
    forgetting.forget(link, or_(notices.c.id.in_(told), notices.c.alert_id.in_(ids)))
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
    # Somebody else came in their car, likewise.
    for table in (alerts, alert_repeats):
        link.execute(update(table).where(table.c.plate.in_(named.plates)).values(plate=None, plate_colour=None))
    shown = {*brought, *(crop for text in evidence for crop in crops(text))} - _of_others(link, ids)
    return let_go(link, (shown | unnaming.of_cases(link, named.opaque)) - held_pictures(link), now), len(ids)


def _of_others(link: Connection, cases: Sequence[int]) -> set[str]:
    """The crops of passages in these cases that are somebody else's, and stay so."""
    linked = select(alert_passages.c.passage_id).where(alert_passages.c.alert_id.in_(cases))
    latest = select(alerts.c.passage_id).where(alerts.c.id.in_(cases), alerts.c.passage_id.is_not(None))
    either = or_(passages.c.id.in_(linked), passages.c.id.in_(latest))
    return {crop for text in link.execute(select(passages.c.evidence).where(either)).scalars() for crop in crops(text)}
