"""Erases one person: afterwards nothing here says who it was, what they looked like, or where they went.

What stays are counts and proof: that somebody passed, when and where; number and hash of each event; that there was a
consent of such a kind from then to then; what nodes confirmed; and the audit, which says that the erasure was done.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from ..errors import Conflict
from ..notices.rows import BLANK
from ..retention.contents import empty
from ..retention.holds import OPEN, crops, held_pictures
from ..retention.passing import forget_pictures
from ..services import Services
from ..store import audit
from ..store.tables import (
    alert_passages,
    alert_repeats,
    alerts,
    case_pictures,
    collectors,
    consents,
    credentials,
    deletions,
    deliveries,
    escalations,
    hand_passes,
    notices,
    passages,
    people,
    police_feed,
    transitions,
    verdicts,
    watch_entries,
)
from . import details
from .mentions import Named, about, mentions, names_of

#: Whom a passage or case was about that is nobody's any more: one word for all, so that no two can be told to be one's.
ERASED: Final = "erased"


@dataclass(frozen=True)
class Erasure:
    """What was done; `record` is the name under which the proof stays."""

    record: str
    passages: int
    events: int
    cases: int


def erase(parts: Services, person_id: str, *, who: str, why: str) -> Erasure:
    """Erase somebody, enrolled or withdrawn. One that is interrupted is done by being asked for again.

    Raises:
        NotFound: nobody is or was enrolled by that id.
        Conflict: an open case is about them.
    """
    with parts.store.read() as link:
        named = names_of(link, person_id)
        _check_cases(link, named)
    # In batches, before the names that lead to them are gone.
    emptied = _events(parts, named.tokens, named.former)
    with parts.store.write() as link:
        _check_cases(link, named)
        gone = _withdraw(parts, link, person_id, who, why)
        crops_of, passed = _passages(link, named)
        photos, cases = _cases(link, named)
        record = _record(link, person_id)
        detail = f"{why}; {passed} passages, {emptied} events, {cases} cases; the proof stays as {record}"
        audit.record(
            link, site=parts.site, at=parts.now(), who=who, action="people.erase", subject=person_id, detail=detail
        )
    parts.pictures.delete([*gone, *crops_of, *photos])
    parts.store.overwrite()
    return Erasure(record, passed, emptied, cases)


def erase_latecomers(parts: Services) -> int:
    """Blank what nodes told of somebody after they were erased here; how many passages.

    A node that was away has them in its outbox, and maybe still in its roster.
    """
    gone = select(deletions.c.opaque).where(deletions.c.person_id.startswith(f"{ERASED}-", autoescape=True))
    with parts.store.read() as link:
        query = select(passages.c.person).where(passages.c.person.in_(gone)).distinct()
        late = tuple(link.execute(query).scalars())
    if not late:
        return 0
    named = Named("", late, late)
    try:
        with parts.store.read() as link:
            _check_cases(link, named)
    except Conflict:
        # Somebody handles it; afterwards it goes.
        return 0
    _events(parts, late)
    with parts.store.write() as link:
        shown, passed = _passages(link, named)
        photos, _ = _cases(link, named)
    parts.pictures.delete([*shown, *photos])
    return passed


def _events(parts: Services, tokens: Collection[str], former: Collection[str] = ()) -> int:
    """Let hashes stand for the bytes of every event that names one of these; how many."""
    emptied = 0
    for batch in mentions(parts.store, tokens, former):
        if batch:
            with parts.store.write() as link:
                empty(link, [each.row for each in batch])
            emptied += len(batch)
    return emptied


def _check_cases(link: Connection, named: Named) -> None:
    shown = select(alert_passages.c.alert_id).join(passages, passages.c.id == alert_passages.c.passage_id)
    theirs = or_(about(alerts, named), alerts.c.id.in_(shown.where(about(passages, named))))
    ids = list(link.execute(select(alerts.c.id).where(OPEN, theirs).order_by(alerts.c.id)).scalars())
    if ids:
        raise Conflict(f"{named.person_id} is in open cases ({', '.join(map(str, ids))}): close these first")


def _withdraw(parts: Services, link: Connection, person_id: str, who: str, why: str) -> list[str]:
    """The files to delete of somebody who had not withdrawn yet."""
    left = link.execute(select(people.c.withdrawn_at).where(people.c.id == person_id)).scalar_one()
    return [] if left is not None else parts.registry.withdraw(link, person_id, who=who, now=parts.now(), why=why)


def _passages(link: Connection, named: Named) -> tuple[tuple[str, ...], int]:
    """Blank them; the crops whose files are to be deleted, and how many passages there were."""
    theirs = about(passages, named)
    rows = link.execute(select(passages.c.id, passages.c.evidence).where(theirs)).all()
    shown = forget_pictures(link, {crop for row in rows for crop in crops(row.evidence)})
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


def _cases(link: Connection, named: Named) -> tuple[tuple[str, ...], int]:
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
    return forget_pictures(link, shown - _of_others(link, ids) - held_pictures(link)), len(ids)


def _of_others(link: Connection, cases: Sequence[int]) -> set[str]:
    """The crops of passages in these cases that are somebody else's, and stay so."""
    linked = select(alert_passages.c.passage_id).where(alert_passages.c.alert_id.in_(cases))
    latest = select(alerts.c.passage_id).where(alerts.c.id.in_(cases), alerts.c.passage_id.is_not(None))
    either = or_(passages.c.id.in_(linked), passages.c.id.in_(latest))
    return {crop for text in link.execute(select(passages.c.evidence).where(either)).scalars() for crop in crops(text)}


def _record(link: Connection, person_id: str) -> str:
    """Put a record without a person in the person's place; its name."""
    row = link.execute(select(people).where(people.c.id == person_id)).mappings().one()
    record = f"{ERASED}-{secrets.token_hex(6)}"
    blank = {"id": record, "opaque": f"{record}-nobody", "name": "", "group": "", "schedule": "", "portrait": None}
    link.execute(people.insert().values(dict(row) | blank | {"begins": None, "ends": None, "watch": False}))
    nobody = {"person_id": record, "ground": "", "granted_by": "", "given_by": "", "given_on": ""}
    link.execute(update(consents).where(consents.c.person_id == person_id).values(nobody))
    link.execute(update(deletions).where(deletions.c.person_id == person_id).values(person_id=record))
    details.tell_children(link, person_id)
    link.execute(delete(collectors).where(collectors.c.kind == "person", collectors.c.value == person_id))
    link.execute(delete(credentials).where(credentials.c.person_id == person_id))
    link.execute(delete(watch_entries).where(watch_entries.c.id == person_id))
    link.execute(delete(people).where(people.c.id == person_id))
    return record
